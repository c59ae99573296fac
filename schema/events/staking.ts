import type { EventShapes, EventsOf } from './event-shape.ts'

/** Stakes of operators, posters and bidders; amounts are absolute after the event where they say so. */
export const stakingEvents = {
  StakingCreated: { token: 'address', thawPeriod: 'decimal', treasury: 'address' },
  Staked: { agent: 'address', from: 'address', amount: 'decimal', activeAfter: 'decimal' },
  StakeThawStarted: {
    agent: 'address',
    amount: 'decimal',
    thawEnd: 'decimal',
    activeAfter: 'decimal',
    thawingAfter: 'decimal',
  },
  StakeThawCancelled: { agent: 'address', activeAfter: 'decimal' },
  StakeWithdrawn: { agent: 'address', amount: 'decimal', activeAfter: 'decimal' },
  StakeSlashed: {
    agent: 'address',
    reasonId: 'hex',
    beneficiary: 'address',
    amount: 'decimal',
    reward: 'decimal',
    activeAfter: 'decimal',
    thawingAfter: 'decimal',
  },
  SlashRewardWithdrawn: { account: 'address', amount: 'decimal' },
  StakingPausedSet: { paused: 'flag' },
} as const satisfies EventShapes

export type StakingEvent = EventsOf<typeof stakingEvents>
