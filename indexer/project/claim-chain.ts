import type { QueryRunner } from 'typeorm'
import { BaseError } from '../../schema/errors.ts'

/**
 * Makes a database that of one chain: ids and balances of two chains would mix in its tables.
 *
 * Databases of versions without this mark are known by the head of their chain.
 *
 * @throws `PROJECTION_OTHER_CHAIN`
 */
export async function claimChain(runner: QueryRunner, chainId: number): Promise<void> {
  const [{ found: marked }] = await runner.query(
    `SELECT to_regclass('projections.chain') IS NOT NULL AS found`,
  )
  if (marked !== true)
    await runner.query(`
      CREATE TABLE IF NOT EXISTS projections.chain (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        chain_id bigint NOT NULL
      )`)
  await runner.query(
    `INSERT INTO projections.chain (chain_id)
     SELECT coalesce((SELECT min(chain_id) FROM chain_head), $1) ON CONFLICT DO NOTHING`,
    [chainId],
  )
  const [row] = await runner.query('SELECT chain_id FROM projections.chain')
  const found = Number(row.chain_id)
  if (found !== chainId)
    throw new BaseError('PROJECTION_OTHER_CHAIN', { facts: { chainId, found } })
}
