import { attributionStream } from '../../schema/events/streams.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import type { Attribution } from './attribute-calls.ts'
import { decideUnattributable, noQuery } from './decide-unattributable.ts'
import type { EngineContext } from './engine-context.ts'
import { inferenceAttributed } from './engine-events.ts'
import { openEngineStream } from './engine-stream.ts'
import { groupCalls } from './group-calls.ts'

/** Writes down calls that cannot be attributed, under the version that they name. */
export async function attributeToPlatform(
  { artifacts, accounts, chainId, eventLog }: EngineContext,
  calls: readonly RecordedCall[],
  { state, epoch }: { readonly state: ChainState; readonly epoch: string },
): Promise<ReadonlyMap<string, Attribution>> {
  const decided = new Map<string, Attribution>()
  if (calls.length > 0) await artifacts.put(noQuery)
  for (const group of groupCalls(calls)) {
    const data = group.calls.map((call) => ({
      ...decideUnattributable(state, call, accounts),
      epoch,
    }))
    const stream = await openEngineStream(
      eventLog,
      attributionStream(chainId, group.modelId, group.version),
    )
    await stream.append(data.map((one) => inferenceAttributed(one, { chainId, engineHash })))
    for (const one of data) decided.set(one.callId, one)
  }
  return decided
}
