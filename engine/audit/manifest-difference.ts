import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { EpochLeaves } from '../epoch/commit-epoch.ts'
import { loadEpochLeaves } from '../epoch/load-epoch-leaves.ts'
import { type Difference, firstDifference } from './first-difference.ts'

/**
 * Finds where a manifest first says something else than what was computed; in a tree it names the leaf.
 *
 * @throws what reading the published leaves throws.
 */
export async function manifestDifference(
  rebuilt: { readonly manifest: EpochManifest; readonly leaves: EpochLeaves },
  manifest: EpochManifest,
  artifacts: ArtifactStore,
): Promise<Difference | undefined> {
  const difference = firstDifference(rebuilt.manifest, manifest)
  // `trees` is the last field: whatever else differs was found before it.
  if (difference?.path.startsWith('trees.') !== true) return difference
  const published = await loadEpochLeaves(artifacts, manifest)
  return firstDifference(inText(rebuilt.leaves), inText(published), 'leaves') ?? difference
}

/** Amounts and keys are bigint, which JSON cannot show. */
const inText = (leaves: EpochLeaves): unknown =>
  JSON.parse(
    JSON.stringify(leaves, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  )
