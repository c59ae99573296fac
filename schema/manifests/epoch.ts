import type { CreditedRow, Share } from '../events/attribution.ts'
import type { Decimal, Hex } from '../events/event.ts'

/** Gradient store of one model version: everything an auditor needs to score its calls again. */
export interface GradientStoreRef {
  readonly modelId: Decimal
  readonly version: number
  readonly width: number
  /** sha256 of the JSON artifact with row ids, contributors and clusters, in row order. */
  readonly rowsHash: Hex
  readonly checkpoints: readonly {
    readonly lambdaQ48: Decimal
    readonly segments: readonly { readonly hash: Hex; readonly rowCount: number }[]
  }[]
}

/** One call of an epoch with its attribution. */
export interface AttributedCall {
  readonly callId: Hex
  readonly modelId: Decimal
  readonly version: number
  readonly fee: Decimal
  readonly queryHash: Hex
  readonly rule: 'influence' | 'flat'
  readonly rows: readonly CreditedRow[]
  readonly shares: readonly Share[]
}

/** Complete, re-computable content of a reward epoch; its sha256 is the epoch's `dataHash`. */
export interface EpochManifest {
  readonly kind: 'epoch'
  readonly version: 1
  readonly chainId: number
  readonly epoch: Decimal
  readonly fromBlock: Decimal
  readonly toBlock: Decimal
  readonly toBlockHash: Hex
  readonly engineHash: Hex
  readonly token: Hex
  readonly stores: readonly GradientStoreRef[]
  /** In chain order. */
  readonly calls: readonly AttributedCall[]
  /** Cumulative earnings per account, sorted by account. */
  readonly leaves: readonly { readonly account: Hex; readonly cumulative: Decimal }[]
  readonly totalEarned: Decimal
  readonly root: Hex
}
