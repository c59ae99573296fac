import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { ChainState } from '../../engine/state/chain-state.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { type FinalBlock, readChainFacts } from '../../engine/state/read-chain-facts.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'

/** Reads what is final of a chain out of the event log; undefined while nothing is. */
export async function readFinalState(
  eventLog: EventLog,
  chainId: number,
  artifacts: ArtifactStore,
): Promise<{ readonly state: ChainState; readonly final: FinalBlock } | undefined> {
  const read = await readChainFacts(eventLog, chainId, { artifacts })
  return read && { state: foldChainFacts(read.facts), final: read.final }
}
