import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** A reward epoch: closed by the engine, then proposed, rejected or activated on chain. */
export class Epoch {
  declare id: Decimal
  declare status: 'closed' | 'proposed' | 'rejected' | 'active'
  declare root: Hex
  declare totalEarned: bigint
  /** sha256 of the epoch manifest artifact. */
  declare manifestHash: Hex
  declare fromBlock: number
  declare toBlock: number
  declare toBlockHash: Hex
  declare engineHash: Hex
  declare calls: number | null
  declare leaves: number | null
  /** Seconds since 1970. */
  declare activatesAt: number | null
  declare reasonCode: number | null
  /** Block of the last chain event of the epoch; null while only closed. */
  declare blockNumber: number | null
  declare blockHash: Hex | null
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
    calls: integer('calls', { nullable: true }),
    leaves: integer('leaves', { nullable: true }),
    activatesAt: integer('activates_at', { nullable: true }),
    reasonCode: integer('reason_code', { nullable: true }),
    blockNumber: integer('block_number', { nullable: true }),
    blockHash: text('block_hash', { nullable: true }),
  },
})
