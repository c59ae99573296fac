import { callId } from '../../schema/codec/leaves.ts'
import { type PackedCall, unpackCalls } from '../../schema/codec/packed-calls.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { FactBody } from './fact-body.ts'
import { lower } from './lower.ts'

/** Arguments of `BatchPacked`. */
export interface PackedBatch {
  readonly batchId: bigint
  readonly operator: Hex
  readonly codec: number
  readonly calls: number
  readonly digest: Hex
  readonly dataHash: Hex
  readonly data: Hex
}

/** The packed layout of `schema/codec/packed-calls.ts`. */
const knownCodec = 1

/**
 * Unpacks a batch into the batch itself and its calls; records of skipped lanes are no calls.
 *
 * @throws `BATCH_MALFORMED` for an unknown codec or a number of calls that does not match.
 */
export function unpackBatch(
  chainId: number,
  ledger: Hex,
  batch: PackedBatch,
  skippedLanes: ReadonlySet<number>,
): readonly FactBody[] {
  if (batch.codec !== knownCodec)
    throw new BaseError('BATCH_MALFORMED', { facts: { batch: batch.batchId, codec: batch.codec } })
  const calls = recordsWithLane(unpackCalls(batch.data)).flatMap(({ call, lane }, index) =>
    skippedLanes.has(lane) ? [] : [recordedCall(chainId, ledger, batch, call, index)],
  )
  if (calls.length !== batch.calls)
    throw new BaseError('BATCH_MALFORMED', {
      facts: { batch: batch.batchId, said: batch.calls, found: calls.length },
    })
  const { batchId, operator, codec, digest, dataHash } = batch
  return [
    {
      type: 'BatchCommitted',
      data: {
        batchId: batchId.toString(),
        operator: lower(operator),
        codec,
        calls: batch.calls,
        digest,
        dataHash,
      },
    },
    ...calls,
  ]
}

/** The ledger refuses neighbouring lanes with equal keys, so a lane is a run of equal keys. */
function recordsWithLane(
  records: readonly PackedCall[],
): readonly { readonly call: PackedCall; readonly lane: number }[] {
  let lane = -1
  let previous: string | undefined
  return records.map((call) => {
    const key = `${call.payer}:${call.modelId}:${call.termsVersion}`
    if (key !== previous) lane += 1
    previous = key
    return { call, lane }
  })
}

const recordedCall = (
  chainId: number,
  ledger: Hex,
  batch: PackedBatch,
  call: PackedCall,
  index: number,
): FactBody => ({
  type: 'InferenceRecorded',
  data: {
    callId: callId(chainId, ledger, batch.batchId, index),
    batchId: batch.batchId.toString(),
    index,
    operator: lower(batch.operator),
    payer: call.payer,
    modelId: call.modelId.toString(),
    modelVersion: call.modelVersion,
    termsVersion: call.termsVersion,
    fee: call.fee.toString(),
    tokensIn: call.tokensIn,
    tokensOut: call.tokensOut,
    calledAt: call.calledAt,
    requestHash: call.requestHash,
    outputHash: call.outputHash,
  },
})
