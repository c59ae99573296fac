import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** A reward epoch that the engine closed, and what became of its newest proposal on chain. */
export class Epoch {
  /** The engine's number. */
  declare id: Decimal
  declare status: 'closed' | 'proposed' | 'disputed' | 'rejected' | 'active'
  declare root: Hex
  declare totalEarned: bigint
  /** sha256 of the epoch manifest artifact. */
  declare manifestHash: Hex
  declare fromBlock: number
  declare toBlock: number
  declare toBlockHash: Hex
  declare engineHash: Hex
  declare calls: number
  declare leaves: number
  /** Seconds since 1970. */
  declare activatesAt: number | null
  declare reasonCode: number | null
  /** The chain's number of the proposal with this root and manifest. */
  declare proposalId: Decimal | null
}

export const epochEntity = new EntitySchema<Epoch>({
  name: 'Epoch',
  target: Epoch,
  tableName: 'epoch',
  columns: {
    id: counter('id', { primary: true }),
    status: text('status'),
    root: text('root'),
    totalEarned: amount('total_earned'),
    manifestHash: text('manifest_hash'),
    fromBlock: integer('from_block'),
    toBlock: integer('to_block'),
    toBlockHash: text('to_block_hash'),
    engineHash: text('engine_hash'),
    calls: integer('calls'),
    leaves: integer('leaves'),
    activatesAt: integer('activates_at', { nullable: true }),
    reasonCode: integer('reason_code', { nullable: true }),
    proposalId: counter('proposal_id', { nullable: true }),
  },
})
