import type { ChainMetadata } from '../../schema/events/event.ts'

/** A value as JSON carries it into a column; amounts and counters are decimal strings. */
export type ColumnValue = string | number | null | readonly string[] | object

/** A row to insert: table and values by column name. */
export interface TableRow {
  readonly table: string
  readonly values: Readonly<Record<string, ColumnValue>>
}

/** A row of a fact, with the block it came from. */
export const factRow = (
  table: string,
  metadata: ChainMetadata,
  values: TableRow['values'],
): TableRow => ({
  table,
  values: {
    ...values,
    block_number: metadata.blockNumber,
    block_hash: metadata.blockHash,
    tx_hash: metadata.txHash,
    log_index: metadata.logIndex,
    timestamp: metadata.timestamp,
  },
})
