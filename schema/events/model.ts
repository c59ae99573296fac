import type { Decimal, DomainEvent, Hex } from './event.ts'

export type ModelRegistered = DomainEvent<
  'ModelRegistered',
  {
    readonly modelId: Decimal
    readonly owner: Hex
    readonly name: string
    readonly baseModelHash: Hex
    readonly datanetIds: readonly Decimal[]
  }
>

export type TrainingRunRecorded = DomainEvent<
  'TrainingRunRecorded',
  {
    readonly runId: Decimal
    readonly modelId: Decimal
    readonly trainer: Hex
    readonly datasetRoot: Hex
    readonly configHash: Hex
    readonly dataOrderHash: Hex
    readonly artefactHash: Hex
  }
>

export type ModelVersionPublished = DomainEvent<
  'ModelVersionPublished',
  {
    readonly modelId: Decimal
    readonly version: number
    readonly runId: Decimal
    readonly artefactHash: Hex
  }
>

/** Price per 1,000 tokens in base units; shares in basis points. */
export interface Terms {
  readonly pricePer1kIn: Decimal
  readonly pricePer1kOut: Decimal
  readonly platformBps: number
  readonly ownerBps: number
  readonly stakersBps: number
  readonly contributorsBps: number
  /** Share of the contributors' part that pays retrieved rows. */
  readonly retrievalBps: number
}

export type TermsSet = DomainEvent<
  'TermsSet',
  Terms & {
    readonly modelId: Decimal
    readonly version: number
    /** Seconds since 1970. */
    readonly validFrom: Decimal
  }
>

export type ModelEvent = ModelRegistered | TrainingRunRecorded | ModelVersionPublished | TermsSet
