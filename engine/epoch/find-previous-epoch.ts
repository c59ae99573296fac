import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
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
  const rejected = new Set<string>(
    state.epochs.filter(({ status }) => status === 'rejected').map(({ data }) => data.dataHash),
  )
  if (rejected.size === 0) return closed.at(-1)
  const standing = new Map<string, EpochClosed['data']>()
  for (const epoch of closed) {
    if (rejected.has(epoch.manifestHash)) continue
    const { previous } = await readJsonArtifact(artifacts, epoch.manifestHash, epochManifest)
    if (previous === null || standing.has(previous)) standing.set(epoch.manifestHash, epoch)
  }
  return [...standing.values()].at(-1)
}
