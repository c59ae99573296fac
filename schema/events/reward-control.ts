import type { EventShapes, EventsOf } from './event-shape.ts'

/** How the distributor is set up, its pauses, frozen epochs and claims left out of a batch. */
export const rewardControlEvents = {
  DistributorCreated: {
    token: 'address',
    staking: 'address',
    disputeWindow: 'decimal',
    minBond: 'decimal',
    platform: 'address',
    stakers: 'address',
  },
  EpochDisputed: { epoch: 'decimal', disputed: 'flag' },
  ClaimSkipped: { account: 'address', epoch: 'decimal', reason: 'hex' },
  ProposalsPaused: { paused: 'flag' },
  ClaimsPaused: { until: 'decimal' },
} as const satisfies EventShapes

export type RewardControlEvent = EventsOf<typeof rewardControlEvents>
