import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import {
  unpackCallLeaves,
  unpackCreditLeaves,
  unpackRewardLeaves,
} from '../../schema/codec/pack-epoch-leaves.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { EpochLeaves } from './commit-epoch.ts'

/**
 * Reads the leaves of an epoch as they were published, right or wrong.
 *
 * @throws MANIFEST_INVALID, ARTIFACT_MISSING, ARTIFACT_CORRUPT.
 */
export async function loadEpochLeaves(
  artifacts: ArtifactStore,
  { trees }: Pick<EpochManifest, 'trees'>,
): Promise<EpochLeaves> {
  return {
    rewards: unpackRewardLeaves(await artifacts.get(trees.rewards.hash)),
    credits: unpackCreditLeaves(await artifacts.get(trees.credits.hash)),
    calls: unpackCallLeaves(await artifacts.get(trees.calls.hash)),
  }
}
