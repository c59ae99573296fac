import { BaseError } from '../../schema/errors.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import { epochStream } from '../../schema/events/streams.ts'
import type { AttributedCall, EpochManifest } from '../../schema/manifests/epoch.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import type { FinalBlock } from '../state/read-chain-facts.ts'
import { type Attribution, attributeCalls } from './attribute-calls.ts'
import { attributeToPlatform } from './attribute-to-platform.ts'
import { commitEpoch } from './commit-epoch.ts'
import type { EngineContext } from './engine-context.ts'
import { epochClosed } from './engine-events.ts'
import { openEngineStream } from './engine-stream.ts'
import { findPreviousEpoch } from './find-previous-epoch.ts'
import { groupCalls } from './group-calls.ts'
import { indexModel } from './index-model.ts'
import { isAttributable } from './is-attributable.ts'
import { putJsonArtifact } from './put-json-artifact.ts'
import { recordHash } from './record-hash.ts'

/** `idle`: no call with a fee was recorded in a final block since the last epoch. */
export type CloseResult =
  | { readonly status: 'closed'; readonly epoch: EpochClosed['data'] }
  | { readonly status: 'idle' }

/**
 * Closes the next epoch: attributes every call recorded since the last one and adds up who earned
 * what.
 *
 * The same facts give the same root, also after a crash at any point: finished segments and calls are
 * events, every id is deterministic, and the block range ends at `final`.
 *
 * @throws SUM_MISMATCH if the balances do not add up to the fees; EVENT_LOG_CONFLICT if another
 * engine closes the same epoch; what reading rows, calls and artifacts throws.
 */
export async function closeEpoch(
  context: EngineContext,
  state: ChainState,
  final: FinalBlock,
): Promise<CloseResult> {
  const { artifacts, chainId, token, accounts } = context
  const epochs = await openEngineStream(context.eventLog, epochStream(chainId))
  const previous = await findPreviousEpoch(epochs.recorded, state, artifacts)
  const fromBlock = previous === undefined ? 0n : BigInt(previous.toBlock) + 1n
  const calls = state.calls.filter(
    ({ blockNumber }) => BigInt(blockNumber) >= fromBlock && blockNumber <= final.height,
  )
  if (calls.every(({ fee }) => fee === '0')) return { status: 'idle' }
  const number = epochs.recorded.filter(({ type }) => type === 'EpochClosed').length + 1
  const epoch = String(number)
  const stores: EpochManifest['stores'][number][] = []
  const attributions = new Map<string, Attribution>()
  for (const group of groupCalls(calls.filter((call) => isAttributable(state, call)))) {
    const { stream, trainingSet, store } = await indexModel(context, state, group)
    stores.push(store.ref)
    const work = { state, epoch, calls: group.calls, trainingSet, store }
    for (const [callId, attribution] of await attributeCalls(context, stream, work)) {
      attributions.set(callId, attribution)
    }
  }
  const unattributable = calls.filter((call) => !isAttributable(state, call))
  const rest = await attributeToPlatform(context, unattributable, { state, epoch })
  for (const [callId, attribution] of rest) {
    attributions.set(callId, attribution)
  }
  const attributed = calls.map((call) => attributedCall(call, attributions.get(call.callId)))
  const { balances, files, trees, totalEarned } = commitEpoch(previous?.balances ?? [], attributed)
  checkTotal(previous?.totalEarned ?? '0', calls, totalEarned, state.funded)
  for (const file of files) await artifacts.put(file)
  const range = {
    fromBlock: String(fromBlock),
    toBlock: String(final.height),
    toBlockHash: final.hash,
  }
  const manifest: EpochManifest = {
    kind: 'epoch',
    version: 2,
    chainId,
    epoch,
    ...range,
    engineHash,
    token,
    payees: accounts,
    previous: previous?.manifestHash ?? null,
    stores,
    calls: attributed,
    totalEarned,
    trees,
  }
  const data: EpochClosed['data'] = {
    epoch,
    root: trees.rewards.root,
    totalEarned,
    manifestHash: await putJsonArtifact(artifacts, manifest),
    ...range,
    calls: calls.length,
    leaves: balances.length,
    balances,
  }
  await epochs.append([epochClosed(data, { chainId, engineHash })])
  return { status: 'closed', epoch: data }
}

function attributedCall(call: RecordedCall, attribution: Attribution | undefined): AttributedCall {
  if (attribution === undefined) {
    throw new BaseError('SUM_MISMATCH', { facts: { callId: call.callId, shares: 'none' } })
  }
  const { callId, modelId, version, queryHash, rule, rows, used, weights, shares } = attribution
  const { batchId, index, fee } = call
  return {
    ...{ callId, batchId, index, recordHash: recordHash(call), modelId, version, fee },
    ...{ queryHash, rule, rows, used, weights, shares },
  }
}

/** Everything earned is everything charged: nothing is lost and nothing is made. */
function checkTotal(
  before: string,
  calls: readonly RecordedCall[],
  earned: string,
  funded: bigint,
) {
  const fees = calls.reduce((sum, { fee }) => sum + BigInt(fee), BigInt(before))
  if (String(fees) === earned && fees <= funded) return
  throw new BaseError('SUM_MISMATCH', { facts: { fees, totalEarned: earned, funded } })
}
