import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import { stakingEvents } from '../../schema/events/staking.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(agentStakingAbi)

/** Facts of the staking contract. */
export const decodeAgentStaking = logDecoder([
  ...meaningsOf(events, stakingEvents, {
    StakeSlashed: 'Slashed',
    SlashRewardWithdrawn: 'RewardWithdrawn',
    StakingPausedSet: 'PausedSet',
  }),
  ignore(events.AuthorityUpdated),
])
