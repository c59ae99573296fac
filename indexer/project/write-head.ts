import type { QueryRunner } from 'typeorm'
import { type ChainCursor, tipOf } from '../store/chain-cursor.ts'

/** Notes how far the chain is indexed and how much of it is final. */
export async function writeHead(
  runner: QueryRunner,
  chainId: number,
  head: ChainCursor,
): Promise<void> {
  const tip = tipOf(head)
  await runner.query(
    `INSERT INTO chain_head VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (chain_id) DO UPDATE SET indexed_height = excluded.indexed_height,
       indexed_hash = excluded.indexed_hash, finalized_height = excluded.finalized_height,
       finalized_hash = excluded.finalized_hash, timestamp = excluded.timestamp`,
    [chainId, tip.height, tip.hash, head.height, head.hash, head.timestamp],
  )
}
