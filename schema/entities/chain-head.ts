import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { integer, text } from './column-types.ts'

/** How far a chain is indexed and how much of that is final. */
export class ChainHead {
  declare chainId: number
  declare indexedHeight: number
  declare indexedHash: Hex
  declare finalizedHeight: number
  declare finalizedHash: Hex
  /** Seconds since 1970 of the newest indexed block with known time. */
  declare timestamp: number | null
}

export const chainHeadEntity = new EntitySchema<ChainHead>({
  name: 'ChainHead',
  target: ChainHead,
  tableName: 'chain_head',
  columns: {
    chainId: integer('chain_id', { primary: true }),
    indexedHeight: integer('indexed_height'),
    indexedHash: text('indexed_hash'),
    finalizedHeight: integer('finalized_height'),
    finalizedHash: text('finalized_hash'),
    timestamp: integer('timestamp', { nullable: true }),
  },
})
