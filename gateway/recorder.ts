import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Funds } from './funds.ts'
import type { LaneBook } from './lane-book.ts'
import type { LedgerChain } from './ledger-chain.ts'
import type { Logger } from './logger.ts'
import type { BatchLimits } from './plan-batch.ts'
import type { Settlement } from './settlement.ts'

/** One batch that reached the chain. */
export interface RecordedBatch {
  readonly batchId: bigint
  readonly txHash: Hex
  readonly blockNumber: bigint
  /** Calls that were charged or, in a committed batch, will be in its settlement. */
  readonly calls: number
  readonly skipped: readonly { readonly lane: string; readonly reason: number }[]
}

/** One way to bring answered calls onto the chain. */
export interface Recorder {
  /**
   * Records everything that can be recorded now.
   *
   * @throws `BATCH_NOT_RECORDED`, `BATCH_NOT_SETTLED`, `NODE_UNAVAILABLE`; nothing is lost.
   */
  record(): Promise<readonly RecordedBatch[]>
  /** Charges what is recorded and not charged yet. @throws as `record`. */
  settle(): Promise<void>
}

/** What recording needs. */
export interface RecorderServices {
  readonly chain: LedgerChain
  readonly lanes: LaneBook
  readonly funds: Pick<Funds, 'charge'>
  readonly settlement: Settlement
  readonly artifacts: Pick<ArtifactStore, 'put' | 'get'>
  readonly logger: Logger
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  readonly limits?: BatchLimits | undefined
}
