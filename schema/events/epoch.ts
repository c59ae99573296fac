import type { Decimal, DomainEvent, Hex } from './event.ts'

export type EpochProposed = DomainEvent<
  'EpochProposed',
  {
    readonly epoch: Decimal
    readonly root: Hex
    readonly totalEarned: Decimal
    /** sha256 of the epoch manifest artifact. */
    readonly dataHash: Hex
    readonly fromBlock: Decimal
    readonly toBlock: Decimal
    readonly toBlockHash: Hex
    readonly engineHash: Hex
    readonly activatesAt: Decimal
  }
>

export type EpochRejected = DomainEvent<
  'EpochRejected',
  { readonly epoch: Decimal; readonly reasonCode: number }
>

export type EpochActivated = DomainEvent<'EpochActivated', { readonly epoch: Decimal }>

export type EpochEvent = EpochProposed | EpochRejected | EpochActivated
