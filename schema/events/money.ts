import type { Decimal, DomainEvent, Hex } from './event.ts'

export type EscrowDeposited = DomainEvent<
  'EscrowDeposited',
  {
    readonly payer: Hex
    readonly operator: Hex
    readonly amount: Decimal
    readonly depositedCumulative: Decimal
  }
>

export type EscrowThawStarted = DomainEvent<
  'EscrowThawStarted',
  {
    readonly payer: Hex
    readonly operator: Hex
    readonly amount: Decimal
    readonly thawEnd: Decimal
  }
>

export type EscrowWithdrawn = DomainEvent<
  'EscrowWithdrawn',
  {
    readonly payer: Hex
    readonly operator: Hex
    readonly amount: Decimal
    readonly withdrawnCumulative: Decimal
  }
>

export type EscrowCharged = DomainEvent<
  'EscrowCharged',
  {
    readonly batchId: Decimal
    readonly payer: Hex
    readonly operator: Hex
    readonly amount: Decimal
    readonly chargedCumulative: Decimal
    readonly calls: Decimal
  }
>

export type RewardsFunded = DomainEvent<
  'RewardsFunded',
  { readonly from: Hex; readonly amount: Decimal; readonly fundedCumulative: Decimal }
>

export type RewardClaimed = DomainEvent<
  'RewardClaimed',
  {
    readonly account: Hex
    readonly recipient: Hex
    readonly amount: Decimal
    readonly cumulative: Decimal
    readonly epoch: Decimal
  }
>

export type RecipientSet = DomainEvent<
  'RecipientSet',
  { readonly account: Hex; readonly previous: Hex; readonly recipient: Hex }
>

export type MoneyEvent =
  | EscrowDeposited
  | EscrowThawStarted
  | EscrowWithdrawn
  | EscrowCharged
  | RewardsFunded
  | RewardClaimed
  | RecipientSet
