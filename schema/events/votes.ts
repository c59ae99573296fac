import type { EventShapes, EventsOf } from './event-shape.ts'

/** Votes that follow from activated earnings. */
export const votesEvents = {
  VotesCreated: {
    rewards: 'address',
    models: 'address',
    governor: 'address',
    platform: 'address',
    stakers: 'address',
    maturity: 'decimal',
    activityPeriod: 'decimal',
    protocolShareBps: 'number',
    capBps: 'number',
    minCap: 'decimal',
  },
  EpochRegistered: { epoch: 'decimal', maturesAt: 'decimal', protocolFees: 'decimal' },
  EpochVoided: { epoch: 'decimal' },
  ContributionCredited: {
    account: 'address',
    epoch: 'decimal',
    earned: 'decimal',
    amount: 'decimal',
    units: 'decimal',
    totalCredited: 'decimal',
    active: 'decimal',
    credited: 'decimal',
    cap: 'decimal',
  },
  VotesRenewed: { account: 'address', activeAt: 'decimal', units: 'decimal' },
  VotesExpired: { account: 'address', units: 'decimal' },
  DelegateChanged: { delegator: 'address', fromDelegate: 'address', toDelegate: 'address' },
  DelegateVotesChanged: { delegate: 'address', previousVotes: 'decimal', newVotes: 'decimal' },
} as const satisfies EventShapes

export type VotesEvent = EventsOf<typeof votesEvents>
