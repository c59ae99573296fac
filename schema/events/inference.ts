import type { Decimal, DomainEvent, Hex } from './event.ts'

export type CodecRegistered = DomainEvent<
  'CodecRegistered',
  { readonly codec: number; readonly specHash: Hex }
>

/** A batch of paid calls was recorded; the calls follow as `InferenceRecorded` of the same log. */
export type BatchCommitted = DomainEvent<
  'BatchCommitted',
  {
    readonly batchId: Decimal
    readonly operator: Hex
    readonly codec: number
    readonly calls: number
    readonly digest: Hex
    /** sha256 of the batch manifest artifact. */
    readonly dataHash: Hex
  }
>

export type InferenceRecorded = DomainEvent<
  'InferenceRecorded',
  {
    readonly callId: Hex
    readonly batchId: Decimal
    /** Position of the record in the packed batch, skipped lanes included. */
    readonly index: number
    readonly operator: Hex
    readonly payer: Hex
    readonly modelId: Decimal
    readonly modelVersion: number
    readonly termsVersion: number
    readonly fee: Decimal
    readonly tokensIn: number
    readonly tokensOut: number
    /** Seconds since 1970, as the operator reported it. */
    readonly calledAt: number
    readonly requestHash: Hex
    readonly outputHash: Hex
  }
>

/** One payer's lane of a batch was not charged: its calls are neither recorded nor paid. */
export type BatchLaneSkipped = DomainEvent<
  'BatchLaneSkipped',
  {
    readonly batchId: Decimal
    readonly lane: number
    readonly payer: Hex
    readonly modelId: Decimal
    readonly termsVersion: number
    readonly reason: number
  }
>

export type InferenceEvent = CodecRegistered | BatchCommitted | InferenceRecorded | BatchLaneSkipped
