import { accessEvents } from './access.ts'
import { datanetControlEvents } from './datanet-control.ts'
import { disputeEvents } from './dispute.ts'
import { escrowControlEvents } from './escrow-control.ts'
import type { EventShapes, EventsOf } from './event-shape.ts'
import { governorEvents, timelockEvents } from './governance.ts'
import { modelControlEvents } from './model-control.ts'
import { proposalEvents } from './proposal.ts'
import { rewardControlEvents } from './reward-control.ts'
import { settlementEvents } from './settlement.ts'
import { stakingEvents } from './staking.ts'
import { votesEvents } from './votes.ts'

/**
 * Events that are kept as they are in the table of facts; what they come to is read through views.
 */
export const controlEvents = {
  ...accessEvents,
  ...datanetControlEvents,
  ...disputeEvents,
  ...escrowControlEvents,
  ...governorEvents,
  ...modelControlEvents,
  ...proposalEvents,
  ...rewardControlEvents,
  ...settlementEvents,
  ...stakingEvents,
  ...timelockEvents,
  ...votesEvents,
} as const satisfies EventShapes

export type ControlFact = EventsOf<typeof controlEvents>
