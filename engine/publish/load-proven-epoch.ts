import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { MerkleTree } from '../../schema/codec/merkle-tree.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { balanceTree } from '../epoch/balance-tree.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import { sumBalances } from '../epoch/tally-balances.ts'

/** An epoch whose leaves fold to its root and add up to its total. */
export interface ProvenEpoch {
  readonly manifest: EpochManifest
  readonly tree: MerkleTree
}

/**
 * Reads an epoch's manifest and folds its leaves.
 *
 * @throws ROOT_MISMATCH, SUM_MISMATCH if the manifest contradicts itself; MANIFEST_INVALID,
 * ARTIFACT_MISSING, ARTIFACT_CORRUPT.
 */
export async function loadProvenEpoch(
  artifacts: ArtifactStore,
  manifestHash: Hex,
): Promise<ProvenEpoch> {
  const manifest = await readJsonArtifact(artifacts, manifestHash, epochManifest)
  const { leaves, root, token, totalEarned } = manifest
  const sum = sumBalances(leaves)
  if (
    String(sum) !== totalEarned ||
    new Set(leaves.map(({ account }) => account)).size < leaves.length
  ) {
    throw new BaseError('SUM_MISMATCH', { facts: { manifestHash, totalEarned, leaves: sum } })
  }
  const tree = leaves.length === 0 ? undefined : balanceTree(token, leaves)
  if (tree?.root !== root) {
    throw new BaseError('ROOT_MISMATCH', { facts: { manifestHash, root, folded: tree?.root } })
  }
  return { manifest, tree }
}
