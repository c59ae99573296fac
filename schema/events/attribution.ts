import type { Decimal, DomainEvent, Hex } from './event.ts'

/** What every engine event says about where it came from. */
export interface EngineMetadata {
  readonly chainId: number
  /** Hash over the engine's method, version and parameters. */
  readonly engineHash: Hex
}

export type GradientSegmentIndexed = DomainEvent<
  'GradientSegmentIndexed',
  {
    readonly modelId: Decimal
    readonly version: number
    /** Index of the training checkpoint, 0 is the earliest. */
    readonly checkpoint: number
    readonly segment: number
    readonly rowCount: number
    readonly width: number
    /** sha256 of the segment artifact (int8 codes, row-major). */
    readonly hash: Hex
  },
  EngineMetadata
>

export type PreconditionerFitted = DomainEvent<
  'PreconditionerFitted',
  {
    readonly modelId: Decimal
    readonly version: number
    readonly checkpoint: number
    /** Cluster representatives that entered the Fisher matrix. */
    readonly rowCount: number
    readonly width: number
    /** sha256 of the `GradientRows` artifact. */
    readonly rowsHash: Hex
    /** Damping λ times 2^48, as an integer. */
    readonly lambdaQ48: Decimal
  },
  EngineMetadata
>

/** Why one row of training data is paid for one call. */
export interface CreditedRow {
  readonly rowId: string
  readonly contributor: Hex
  readonly cluster: number
  /** Sum over checkpoints of RMS-normalised scores, times 2^16. */
  readonly scoreQ16: number
  /** Standard score over the rows of the call, times 1,000. */
  readonly zMilli: number
}

/** A cited row that an answer used, credited to the first contributor of its cluster. */
export interface UsedCitation {
  readonly rowId: string
  readonly contributor: Hex
  readonly scoreMicros: number
}

/** What one account receives for one call, and under which title. */
export interface Share {
  readonly account: Hex
  readonly role: 'platform' | 'owner' | 'stakers' | 'influence' | 'retrieval' | 'flat'
  readonly amount: Decimal
}

/** What the contributors' part of a call is split by; `CallWeights` of the contracts in JSON. */
export interface AttributedWeights {
  /** By influence, or by rows of the training set when no row stood out; accounts ascend. */
  readonly influence: readonly AttributedWeight[]
  /** By cited rows that the answer used; accounts ascend. */
  readonly retrieval: readonly AttributedWeight[]
}

export interface AttributedWeight {
  readonly account: Hex
  /** Positive. */
  readonly weight: Decimal
}

export type InferenceAttributed = DomainEvent<
  'InferenceAttributed',
  {
    readonly callId: Hex
    readonly modelId: Decimal
    readonly version: number
    readonly epoch: Decimal
    /** sha256 of the artifact with the int8 query rows, see `AttributedCall`. */
    readonly queryHash: Hex
    /** `flat` when no row stood out of the call's own noise. */
    readonly rule: 'influence' | 'flat'
    readonly rows: readonly CreditedRow[]
    readonly used: readonly UsedCitation[]
    readonly weights: AttributedWeights
    readonly shares: readonly Share[]
  },
  EngineMetadata
>

export type EpochClosed = DomainEvent<
  'EpochClosed',
  {
    readonly epoch: Decimal
    readonly root: Hex
    readonly totalEarned: Decimal
    readonly manifestHash: Hex
    readonly fromBlock: Decimal
    readonly toBlock: Decimal
    readonly toBlockHash: Hex
    readonly calls: number
    readonly leaves: number
    /** The leaves: what each account has earned in all, sorted by account. */
    readonly balances: readonly { readonly account: Hex; readonly cumulative: Decimal }[]
  },
  EngineMetadata
>

export type EngineEvent =
  | GradientSegmentIndexed
  | PreconditionerFitted
  | InferenceAttributed
  | EpochClosed
