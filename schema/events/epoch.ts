import type { Decimal, DomainEvent, Hex } from './event.ts'

export type EpochProposed = DomainEvent<
  'EpochProposed',
  {
    readonly epoch: Decimal
    readonly poster: Hex
    /** The active epoch when this one was proposed; 0 before the first. */
    readonly previousEpoch: Decimal
    readonly root: Hex
    readonly totalEarned: Decimal
    /** Leaves of the reward tree. */
    readonly accounts: number
    readonly creditsRoot: Hex
    readonly credits: number
    readonly callsRoot: Hex
    readonly calls: number
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
