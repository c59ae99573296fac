import type { EventShapes, EventsOf } from './event-shape.ts'

/** Faults proven in an epoch and disputes about its weights. */
export const disputeEvents = {
  DisputesCreated: {
    rewards: 'address',
    staking: 'address',
    faults: 'address',
    treasury: 'address',
    challengerBond: 'decimal',
    slashAmount: 'decimal',
    winnerBps: 'number',
    commitPeriod: 'decimal',
    revealPeriod: 'decimal',
    governancePeriod: 'decimal',
    quorum: 'number',
    attesters: 'addresses',
  },
  FaultProven: {
    epoch: 'decimal',
    kind: 'number',
    challenger: 'address',
    slashed: 'decimal',
    reward: 'decimal',
  },
  DisputeOpened: {
    disputeId: 'decimal',
    epoch: 'decimal',
    challenger: 'address',
    bond: 'decimal',
    evidenceHash: 'hex',
    commitEnd: 'decimal',
    revealEnd: 'decimal',
  },
  VoteCommitted: { disputeId: 'decimal', attester: 'address', hash: 'hex' },
  VoteRevealed: {
    disputeId: 'decimal',
    attester: 'address',
    uphold: 'flag',
    upholdVotes: 'number',
    dismissVotes: 'number',
  },
  DisputeResolved: { disputeId: 'decimal', epoch: 'decimal', outcome: 'number' },
  BondWithdrawn: { account: 'address', amount: 'decimal' },
} as const satisfies EventShapes

export type DisputeEvent = EventsOf<typeof disputeEvents>
