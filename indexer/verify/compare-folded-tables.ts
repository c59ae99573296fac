import type { QueryRunner } from 'typeorm'
import { foldRows } from '../project/fold-rows.ts'
import { escrowKey, type FoldedKeys, noKeys } from '../project/folded-keys.ts'

/** Tables that are computed from facts, with what says that two contents are the same. */
const foldedTables = {
  contribution: 'id, status, decided_by, reason_code, decided_block',
  escrow_account: '*',
  reward_account: '*',
} as const

/**
 * Computes the folded tables again and names those that come out differently.
 *
 * @param runner a connection in a transaction that the caller rolls back, or commits to repair.
 */
export async function compareFoldedTables(runner: QueryRunner): Promise<readonly string[]> {
  const before = await contents(runner)
  await runner.query('DELETE FROM escrow_account')
  await runner.query('DELETE FROM reward_account')
  await foldRows(runner, await allKeys(runner))
  const after = await contents(runner)
  return Object.keys(foldedTables).filter((table) => before[table] !== after[table])
}

async function contents(runner: QueryRunner): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {}
  for (const [table, columns] of Object.entries(foldedTables)) {
    const [row] = await runner.query(
      `SELECT encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY digest), ''::bytea)),
         'hex') AS hash
       FROM (SELECT sha256(convert_to(t::text, 'UTF8')) AS digest
         FROM (SELECT ${columns} FROM ${table}) AS t) AS d`,
    )
    hashes[table] = row.hash
  }
  return hashes
}

async function allKeys(runner: QueryRunner): Promise<FoldedKeys> {
  const keys = noKeys()
  for (const { id } of await runner.query('SELECT id FROM contribution')) keys.contributions.add(id)
  for (const row of await runner.query('SELECT DISTINCT payer, operator FROM escrow_entry'))
    keys.escrowAccounts.add(escrowKey(row.payer, row.operator))
  for (const { account } of await runner.query(
    'SELECT account FROM claim UNION SELECT account FROM recipient_change',
  ))
    keys.rewardAccounts.add(account)
  return keys
}
