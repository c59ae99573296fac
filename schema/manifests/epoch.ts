import type { AttributedWeights, CreditedRow, Share, UsedCitation } from '../events/attribution.ts'
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
  readonly batchId: Decimal
  /** Position of the record in its batch. */
  readonly index: number
  /** keccak256 of the 116-byte record. */
  readonly recordHash: Hex
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
  readonly weights: AttributedWeights
  readonly shares: readonly Share[]
}

/** One of the three trees whose roots are proposed on-chain. */
export interface EpochTreeRef {
  readonly root: Hex
  /** Number of leaves. */
  readonly leaves: number
  /** sha256 of the artifact with the packed leaves, in the order of the tree. */
  readonly hash: Hex
}

/** Complete, re-computable content of a reward epoch; its sha256 is the epoch's `dataHash`. */
export interface EpochManifest {
  readonly kind: 'epoch'
  readonly version: 2
  readonly chainId: number
  readonly epoch: Decimal
  /** One more than the last block of the epoch before. */
  readonly fromBlock: Decimal
  readonly toBlock: Decimal
  readonly toBlockHash: Hex
  readonly engineHash: Hex
  readonly token: Hex
  /** Accounts of the platform's and the stakers' parts, fixed in the rewards distributor. */
  readonly payees: { readonly platform: Hex; readonly stakers: Hex }
  /** Manifest whose balances this epoch continues; null for the first. */
  readonly previous: Hex | null
  readonly stores: readonly GradientStoreRef[]
  /** In chain order. */
  readonly calls: readonly AttributedCall[]
  readonly totalEarned: Decimal
  readonly trees: {
    /** Cumulative earnings per account (`RewardLeaf`). */
    readonly rewards: EpochTreeRef
    /** What each account gets of each call (`CreditLeaf`). */
    readonly credits: EpochTreeRef
    /** Every call with its record and weights (`CallLeaf`). */
    readonly calls: EpochTreeRef
  }
}
