import type { Voucher } from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import type { LaneId, LanePosition } from './lane.ts'

/** A payer's escrow account for this operator, base units. */
export interface EscrowAccount {
  /** Deposited minus withdrawn minus thawing: what may be charged over the account's life. */
  readonly chargeable: bigint
  readonly charged: bigint
}

export interface BatchLane {
  readonly voucher: Voucher
  /** The payer, or the session key that signed in its name. */
  readonly signer: Hex
  readonly calls: number
  readonly signature: Hex
}

/** Result of a batch as its receipt tells it. */
export interface BatchReceipt {
  readonly batchId: bigint
  readonly txHash: Hex
  readonly blockNumber: bigint
  /** Lanes by index that the ledger did not charge, with its reason code. */
  readonly skipped: ReadonlyMap<number, number>
}

/** Everything the gateway asks of the chain; all methods throw `NODE_UNAVAILABLE`. */
export interface LedgerChain {
  readonly chainId: number
  readonly ledger: Hex
  readonly operator: Hex
  /** @throws `WRONG_CHAIN_ID` unless the node serves the chain of the deployment. */
  check(): Promise<void>
  laneOf(lane: LaneId): Promise<LanePosition>
  accountOf(payer: Hex): Promise<EscrowAccount>
  hasCode(address: Hex): Promise<boolean>
  /** Asks the ledger itself, so that contract wallets count exactly as they will in a batch. */
  isSignedBy(signer: Hex, digest: Hex, signature: Hex): Promise<boolean>
  /** @throws `BATCH_NOT_RECORDED`. */
  recordBatch(batch: {
    readonly data: Hex
    readonly dataHash: Hex
    readonly lanes: readonly BatchLane[]
  }): Promise<BatchReceipt>
}
