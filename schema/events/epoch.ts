import type { Decimal, DomainEvent } from './event.ts'
import type { EventShapes, EventsOf } from './event-shape.ts'

/** An epoch as its poster committed to it. */
export const epochProposalEvents = {
  EpochProposed: {
    epoch: 'decimal',
    poster: 'address',
    /** Active epoch at that moment, 0 before the first. */
    previousEpoch: 'decimal',
    activatesAt: 'decimal',
    /** Root, number and sum of the reward leaves. */
    root: 'hex',
    accounts: 'number',
    totalEarned: 'decimal',
    creditsRoot: 'hex',
    credits: 'number',
    callsRoot: 'hex',
    calls: 'number',
    /** sha256 of the epoch manifest artifact. */
    dataHash: 'hex',
    engineHash: 'hex',
    fromBlock: 'decimal',
    toBlock: 'decimal',
    toBlockHash: 'hex',
  },
} as const satisfies EventShapes

export type EpochProposed = EventsOf<typeof epochProposalEvents>

export type EpochRejected = DomainEvent<
  'EpochRejected',
  { readonly epoch: Decimal; readonly reasonCode: number }
>

export type EpochActivated = DomainEvent<'EpochActivated', { readonly epoch: Decimal }>

export type EpochEvent = EpochProposed | EpochRejected | EpochActivated
