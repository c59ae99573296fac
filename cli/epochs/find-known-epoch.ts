import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { KnownEpoch } from '../../engine/disputes/open-epoch.ts'
import { loadProvenEpoch } from '../../engine/publish/load-proven-epoch.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { readClosedEpochs } from './read-closed-epochs.ts'

/** Finds the epoch that our own engine closed up to a block, if there is one. */
export async function findKnownEpoch(
  eventLog: EventLog,
  artifacts: ArtifactStore,
  chainId: number,
  toBlock: bigint,
): Promise<KnownEpoch | undefined> {
  const closed = await readClosedEpochs(eventLog, chainId)
  const ours = closed.findLast((epoch) => BigInt(epoch.toBlock) === toBlock)
  if (ours === undefined) return undefined
  const { leaves, manifest } = await loadProvenEpoch(artifacts, ours.manifestHash)
  return { leaves, calls: manifest.calls }
}
