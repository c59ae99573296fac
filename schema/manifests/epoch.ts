import type { CreditedRow, Share, UsedCitation } from '../events/attribution.ts'
import type { Decimal, Hex } from '../events/event.ts'

/** Gradient store of one model version: everything an auditor needs to score its calls again. */
export interface GradientStoreRef {
  readonly modelId: Decimal
  readonly version: number
  readonly width: number
  /** sha256 of the `GradientRows` artifact. */
  readonly rowsHash: Hex
  /** In training order. */
  readonly checkpoints: readonly {
    /** sha256 of the adapter weights that the gradients were taken at. */
    readonly hash: Hex
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
  /**
   * sha256 of the int8 query rows: one per checkpoint as the gradient gave it, then one per
   * checkpoint after the preconditioner.
   */
  readonly queryHash: Hex
  readonly rule: 'influence' | 'flat'
  readonly rows: readonly CreditedRow[]
  /** Cited rows that the answer used; only payer and operator can read the answer to check it. */
  readonly used: readonly UsedCitation[]
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
  /** Accounts of the platform's and the stakers' parts. */
  readonly accounts: { readonly platform: Hex; readonly stakers: Hex }
  /** Manifest whose balances this epoch continues; null for the first. */
  readonly previous: Hex | null
  readonly stores: readonly GradientStoreRef[]
  /** In chain order. */
  readonly calls: readonly AttributedCall[]
  /** Cumulative earnings per account, sorted by account. */
  readonly leaves: readonly { readonly account: Hex; readonly cumulative: Decimal }[]
  readonly totalEarned: Decimal
  readonly root: Hex
}
