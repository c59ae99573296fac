import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { amount, integer, text } from './column-types.ts'

/** What an account was paid in all, and where it is paid to. */
export class RewardAccount {
  declare account: Hex
  declare claimed: bigint
  /** The account itself unless another was set. */
  declare recipient: Hex
  declare blockNumber: number
  declare blockHash: Hex
}

export const rewardAccountEntity = new EntitySchema<RewardAccount>({
  name: 'RewardAccount',
  target: RewardAccount,
  tableName: 'reward_account',
  columns: {
    account: text('account', { primary: true }),
    claimed: amount('claimed'),
    recipient: text('recipient'),
    blockNumber: integer('block_number'),
    blockHash: text('block_hash'),
  },
})
