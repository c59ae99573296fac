import type { PackedCall } from '../schema/codec/packed-calls.ts'
import type { Voucher } from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Citation } from '../schema/manifests/batch.ts'

/** Names a lane; the operator is always the gateway's own account. */
export interface LaneId {
  readonly payer: Hex
  readonly modelId: number
  readonly termsVersion: number
}

/** How far a lane has come. */
export interface LanePosition {
  readonly calls: bigint
  /** Fees of all those calls, base units. */
  readonly charged: bigint
  readonly callsChain: Hex
}

/** A call that was answered, with everything that settles it. */
export interface AcceptedCall {
  readonly call: PackedCall
  readonly citations: readonly Citation[]
  readonly voucher: Voucher
  /** The payer, or the session key that signed in its name. */
  readonly signer: Hex
  readonly signature: Hex
}

/** Sorts as the ledger wants lanes separated: payer, model, terms. */
export const laneKey = ({ payer, modelId, termsVersion }: LaneId): string =>
  `${payer}:${String(modelId).padStart(10, '0')}:${String(termsVersion).padStart(5, '0')}`
