import type { Hex } from '../events/event.ts'
import { integer, text } from './column-types.ts'

/** Where on the chain a row came from; every page of rows is ordered by block, log and id. */
export abstract class ChainRow {
  declare blockNumber: number
  declare blockHash: Hex
  declare txHash: Hex
  declare logIndex: number
  /** Seconds since 1970 of the block. */
  declare timestamp: number
}

export const chainColumns = {
  blockNumber: integer('block_number'),
  blockHash: text('block_hash'),
  txHash: text('tx_hash'),
  logIndex: integer('log_index'),
  timestamp: integer('timestamp'),
}
