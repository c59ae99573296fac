import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import { proposalDifference } from '../audit/proposal-difference.ts'
import type { ChainState } from '../state/chain-state.ts'
import { epochManifest } from './manifest-schemas.ts'
import { readJsonArtifact } from './read-json-artifact.ts'

/**
 * Finds the closed epoch that the next one continues: the last one that was not rejected on-chain
 * and does not continue a rejected one.
 */
export async function findPreviousEpoch(
  recorded: readonly RecordedEvent[],
  state: ChainState,
  artifacts: ArtifactStore,
): Promise<EpochClosed['data'] | undefined> {
  const closed = recorded
    .filter(({ type }) => type === 'EpochClosed')
    .map(({ data }) => data as unknown as EpochClosed['data'])
  const rejected = await rejectedManifests(closed, state, artifacts)
  if (rejected.size === 0) return closed.at(-1)
  const standing = new Map<string, EpochClosed['data']>()
  for (const epoch of closed) {
    if (rejected.has(epoch.manifestHash)) continue
    const { previous } = await readJsonArtifact(artifacts, epoch.manifestHash, epochManifest)
    if (previous === null || standing.has(previous)) standing.set(epoch.manifestHash, epoch)
  }
  return [...standing.values()].at(-1)
}

/** A rejected proposal that says something else than our manifest does not reject ours. */
async function rejectedManifests(
  closed: readonly EpochClosed['data'][],
  { epochs }: ChainState,
  artifacts: ArtifactStore,
): Promise<ReadonlySet<string>> {
  const rejected = new Set<string>()
  for (const { data, status } of epochs) {
    if (!closed.some(({ manifestHash }) => manifestHash === data.dataHash)) continue
    if (status !== 'rejected') {
      rejected.delete(data.dataHash)
      continue
    }
    const manifest = await readJsonArtifact(artifacts, data.dataHash, epochManifest)
    if (proposalDifference(manifest, data.dataHash, data) === undefined) rejected.add(data.dataHash)
  }
  return rejected
}
