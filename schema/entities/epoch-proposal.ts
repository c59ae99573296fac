import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** An epoch as a poster proposed it on chain, right or wrong. */
export class EpochProposal extends ChainRow {
  declare id: Decimal
  declare poster: Hex
  declare previousEpoch: Decimal
  declare status: 'proposed' | 'disputed' | 'rejected' | 'active'
  declare reasonCode: number | null
  declare root: Hex
  declare accounts: number
  declare totalEarned: bigint
  declare creditsRoot: Hex
  declare credits: number
  declare callsRoot: Hex
  declare calls: number
  declare manifestHash: Hex
  declare engineHash: Hex
  declare fromBlock: number
  declare toBlock: number
  declare toBlockHash: Hex
  declare activatesAt: number
}

export const epochProposalEntity = new EntitySchema<EpochProposal>({
  name: 'EpochProposal',
  target: EpochProposal,
  tableName: 'epoch_proposal_state',
  columns: {
    id: counter('epoch', { primary: true }),
    poster: text('poster'),
    previousEpoch: counter('previous_epoch'),
    status: text('status'),
    reasonCode: integer('reason_code', { nullable: true }),
    root: text('root'),
    accounts: integer('accounts'),
    totalEarned: amount('total_earned'),
    creditsRoot: text('credits_root'),
    credits: integer('credits'),
    callsRoot: text('calls_root'),
    calls: integer('calls'),
    manifestHash: text('manifest_hash'),
    engineHash: text('engine_hash'),
    fromBlock: integer('from_block'),
    toBlock: integer('to_block'),
    toBlockHash: text('to_block_hash'),
    activatesAt: integer('activates_at'),
    ...chainColumns,
  },
})
