import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { amount, text } from './column-types.ts'

/** Stake of an operator, poster or bidder, base units. */
export class AgentStake {
  declare account: Hex
  declare active: bigint
  declare thawing: bigint
  declare slashed: bigint
}

export const agentStakeEntity = new EntitySchema<AgentStake>({
  name: 'AgentStake',
  target: AgentStake,
  tableName: 'agent_stake',
  columns: {
    account: text('account', { primary: true }),
    active: amount('active'),
    thawing: amount('thawing'),
    slashed: amount('slashed'),
  },
})
