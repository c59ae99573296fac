import { keccak256 } from 'viem'
import { packCalls } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { InferenceRecorded } from '../../schema/events/inference.ts'

/** keccak256 of the record of a call as the ledger holds it. */
export const recordHash = (call: InferenceRecorded['data']): Hex => keccak256(recordOf(call))

/** Packs a recorded call as the ledger holds it, 116 bytes. */
export const recordOf = (call: InferenceRecorded['data']): Hex =>
  packCalls([{ ...call, modelId: Number(call.modelId), fee: BigInt(call.fee) }])
