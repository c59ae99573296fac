import type { EpochClosed } from '../../schema/events/attribution.ts'
import type { Decimal } from '../../schema/events/event.ts'
import { epochStream } from '../../schema/events/streams.ts'
import { foldChainFacts } from '../state/fold-chain-facts.ts'
import { type FinalBlock, readChainFacts } from '../state/read-chain-facts.ts'
import type { EngineContext } from './engine-context.ts'
import { openEngineStream } from './engine-stream.ts'
import { findPreviousEpoch } from './find-previous-epoch.ts'

export interface EngineStatus {
  /** Undefined while no block is final. */
  readonly final: FinalBlock | undefined
  /** The last epoch that was not rejected. */
  readonly lastEpoch: EpochClosed['data'] | undefined
  /** Calls recorded in final blocks after the last epoch, and what they cost. */
  readonly open: { readonly calls: number; readonly fees: Decimal }
}

/** Reads how far epochs are behind the chain. */
export async function readEngineStatus(
  context: Pick<EngineContext, 'eventLog' | 'artifacts' | 'chainId'>,
): Promise<EngineStatus> {
  const read = await readChainFacts(context.eventLog, context.chainId, {
    artifacts: context.artifacts,
  })
  const state = foldChainFacts(read?.facts ?? [])
  const epochs = await openEngineStream(context.eventLog, epochStream(context.chainId))
  const lastEpoch = await findPreviousEpoch(epochs.recorded, state, context.artifacts)
  const after = lastEpoch === undefined ? -1n : BigInt(lastEpoch.toBlock)
  const calls = state.calls.filter(({ blockNumber }) => BigInt(blockNumber) > after)
  const fees = calls.reduce((sum, { fee }) => sum + BigInt(fee), 0n)
  return { final: read?.final, lastEpoch, open: { calls: calls.length, fees: String(fees) } }
}
