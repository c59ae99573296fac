import type { Decimal, DomainEvent, Hex } from './event.ts'

export type DatanetCreated = DomainEvent<
  'DatanetCreated',
  {
    readonly datanetId: Decimal
    readonly owner: Hex
    readonly metaHash: Hex
    readonly uri: string
    readonly licence: number
  }
>

export type ContributionSubmitted = DomainEvent<
  'ContributionSubmitted',
  {
    readonly datanetId: Decimal
    readonly contributionId: Decimal
    readonly contributor: Hex
    readonly root: Hex
    readonly rows: number
    readonly byteSize: Decimal
    readonly dataHash: Hex
  }
>

export type ContributionAccepted = DomainEvent<
  'ContributionAccepted',
  { readonly datanetId: Decimal; readonly contributionId: Decimal; readonly by: Hex }
>

export type ContributionRejected = DomainEvent<
  'ContributionRejected',
  {
    readonly datanetId: Decimal
    readonly contributionId: Decimal
    readonly by: Hex
    readonly reasonCode: number
  }
>

export type DatanetEvent =
  | DatanetCreated
  | ContributionSubmitted
  | ContributionAccepted
  | ContributionRejected
