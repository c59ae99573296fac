import type { Voucher } from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import type { LaneId, LanePosition } from './lane.ts'

/** A payer's escrow account for this operator, base units. */
export interface EscrowAccount {
  /** Deposited minus withdrawn minus thawing: what may be charged over the account's life. */
  readonly chargeable: bigint
  readonly charged: bigint
}

/** What a session key may still sign for its payer; see `Signer` of the escrow. */
export interface SessionKey {
  /** Last second at which its vouchers can be charged; 0 if the payer never set it. */
  readonly validUntil: bigint
  readonly cap: bigint
  /** Charged so far, at all operators together. */
  readonly spent: bigint
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

/** A committed batch as the ledger wants to hear of it again; it keeps only a hash of this. */
export interface CommittedBatch {
  readonly batchId: bigint
  readonly blockNumber: bigint
  /** Time of that block, seconds. */
  readonly recordedAt: bigint
  readonly calls: number
  readonly root: Hex
}

/** What a lane owes for its calls in committed batches. */
export interface SettledLane extends BatchLane {
  /** Fees of all calls of the lane so far, these included. */
  readonly charged: bigint
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
  signerOf(payer: Hex, key: Hex): Promise<SessionKey>
  hasCode(address: Hex): Promise<boolean>
  /** Asks the ledger itself, so that contract wallets count exactly as they will in a batch. */
  isSignedBy(signer: Hex, digest: Hex, signature: Hex): Promise<boolean>
  /** @throws `BATCH_NOT_RECORDED`. */
  recordBatch(batch: {
    readonly data: Hex
    readonly dataHash: Hex
    readonly lanes: readonly BatchLane[]
  }): Promise<BatchReceipt>
  /** @throws `BATCH_NOT_RECORDED`. */
  commitBatch(batch: {
    readonly calls: number
    readonly root: Hex
    readonly dataHash: Hex
    readonly daCommitment: Hex
  }): Promise<CommittedBatch & { readonly txHash: Hex }>
  /**
   * Charges the lanes of committed batches, all or none.
   *
   * @returns the lane that the ledger would refuse, by index, with its reason; then nothing was sent.
   * @throws `BATCH_NOT_SETTLED`.
   */
  settle(
    batches: readonly CommittedBatch[],
    lanes: readonly SettledLane[],
  ): Promise<{ readonly lane: number; readonly reason: number } | undefined>
  /** @throws `BATCH_NOT_SETTLED`. */
  dropBatch(batch: CommittedBatch): Promise<void>
  /** Lists committed batches of the operator since a block that are neither settled nor dropped. */
  openBatches(fromBlock: bigint): Promise<readonly (CommittedBatch & { readonly dataHash: Hex })[]>
  blockNumber(): Promise<bigint>
}
