import type { ChainRow } from '../../schema/entities/chain-row.ts'

/** Where on the chain a row came from, for every type that has a `provenance` field. */
export const provenance = (row: ChainRow) => ({
  blockNumber: row.blockNumber,
  blockHash: row.blockHash,
  txHash: row.txHash,
  logIndex: row.logIndex,
  timestamp: row.timestamp,
})
