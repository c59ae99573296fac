import type { QueryRunner } from 'typeorm'
import { escrowKey, type FoldedKeys } from './folded-keys.ts'

/** A block that left the chain. */
export interface UndoneBlock {
  readonly height: number
  readonly hash: string
}

type Key = Readonly<Record<string, string>>

/** Every table of facts, with the column that folded rows are found by. */
const factTables: readonly (readonly [
  table: string,
  column: string,
  note?: (keys: FoldedKeys, row: Key) => void,
])[] = [
  ['datanet', 'id'],
  ['contribution', 'id'],
  [
    'contribution_decision',
    'contribution_id',
    (keys, row) => keys.contributions.add(row['contribution_id'] ?? ''),
  ],
  ['model', 'id'],
  ['training_run', 'id'],
  ['model_version', 'id'],
  ['terms', 'id'],
  [
    'escrow_entry',
    'payer, operator',
    (keys, row) => keys.escrowAccounts.add(escrowKey(row['payer'] ?? '', row['operator'] ?? '')),
  ],
  ['codec', 'id'],
  ['batch', 'id'],
  ['inference', 'id'],
  ['lane_skip', 'id'],
  ['epoch_proposal', 'id'],
  ['epoch_decision', 'id'],
  ['claim', 'account', (keys, row) => keys.rewardAccounts.add(row['account'] ?? '')],
  ['recipient_change', 'account', (keys, row) => keys.rewardAccounts.add(row['account'] ?? '')],
  ['funding', 'id'],
  ['undecodable_log', 'id'],
  ['fact', 'id'],
]

/** Names of the tables whose rows are facts of the chain. */
export const factTableNames: readonly string[] = factTables.map(([table]) => table)

/** Deletes every fact of the blocks and notes the folded rows that depended on them. */
export async function undoBlocks(
  runner: QueryRunner,
  blocks: readonly UndoneBlock[],
  keys: FoldedKeys,
): Promise<void> {
  const heights = blocks.map((block) => block.height)
  const hashes = blocks.map((block) => block.hash)
  await runner.query(
    `DELETE FROM dead_letter USING unnest($1::bigint[], $2::text[]) AS gone(height, hash)
     WHERE block_number = gone.height AND block_hash = gone.hash`,
    [heights, hashes],
  )
  for (const [table, column, note] of factTables) {
    const deleted = await runner.query(
      `DELETE FROM ${table} USING unnest($1::bigint[], $2::text[]) AS gone(height, hash)
       WHERE block_number = gone.height AND block_hash = gone.hash RETURNING ${column}`,
      [heights, hashes],
      true,
    )
    if (note !== undefined) for (const row of deleted.records) note(keys, row)
  }
}
