import type { QueryRunner } from 'typeorm'
import type { FoldedKeys } from './folded-keys.ts'

/**
 * Computes the folded rows of the given keys from their facts again.
 *
 * One path serves new facts and undone ones, so a reorganisation needs no history of values. The
 * totals are the last cumulative values of the chain, not sums, so the cost does not grow.
 */
export async function foldRows(runner: QueryRunner, keys: FoldedKeys): Promise<void> {
  if (keys.contributions.size > 0) await runner.query(contributionSql, [[...keys.contributions]])
  if (keys.escrowAccounts.size > 0) {
    const pairs = [...keys.escrowAccounts].map((key) => key.split(' '))
    const parameters = [pairs.map(([payer]) => payer), pairs.map(([, operator]) => operator)]
    await runner.query(deleteEscrowSql, parameters)
    await runner.query(escrowSql, parameters)
  }
  if (keys.rewardAccounts.size > 0) {
    const parameters = [[...keys.rewardAccounts]]
    await runner.query('DELETE FROM reward_account WHERE account = ANY($1)', parameters)
    await runner.query(rewardSql, parameters)
  }
}

const newest = 'ORDER BY block_number DESC, log_index DESC LIMIT 1'

const contributionSql = `
  UPDATE contribution SET status = coalesce(decision.status, 'submitted'),
    decided_by = decision.decided_by, reason_code = decision.reason_code,
    decided_block = decision.block_number
  FROM unnest($1::numeric[]) AS key(id)
  LEFT JOIN LATERAL (
    SELECT * FROM contribution_decision WHERE contribution_id = key.id ${newest}
  ) AS decision ON true
  WHERE contribution.id = key.id`

const pairs = 'unnest($1::text[], $2::text[]) AS key(payer, operator)'

const deleteEscrowSql = `
  DELETE FROM escrow_account USING ${pairs}
  WHERE escrow_account.payer = key.payer AND escrow_account.operator = key.operator`

const entries =
  'escrow_entry AS entry WHERE entry.payer = key.payer AND entry.operator = key.operator'

const lastOf = (kind: string) =>
  `LEFT JOIN LATERAL (SELECT * FROM ${entries} AND kind = '${kind}' ${newest}) AS ${kind} ON true`

/** A charge that eats into a thawing amount lowers it to what is left (InferenceEscrow.charge). */
const escrowSql = `
  INSERT INTO escrow_account
  SELECT key.payer, key.operator, coalesce(deposit.cumulative, 0),
    coalesce(withdrawal.cumulative, 0), coalesce(charge.cumulative, 0),
    CASE WHEN still.thawing THEN least(thaw.amount, eaten.rest) ELSE 0 END,
    CASE WHEN still.thawing THEN thaw.thaw_end END,
    newest.block_number, newest.block_hash
  FROM ${pairs}
  JOIN LATERAL (SELECT * FROM ${entries} ${newest}) AS newest ON true
  ${['deposit', 'withdrawal', 'charge', 'thaw'].map(lastOf).join('\n  ')}
  CROSS JOIN LATERAL (
    SELECT thaw.id IS NOT NULL AND (withdrawal.id IS NULL OR
      (thaw.block_number, thaw.log_index) > (withdrawal.block_number, withdrawal.log_index)
    ) AS thawing
  ) AS still
  LEFT JOIN LATERAL (
    SELECT min(before.cumulative - later.cumulative - coalesce(withdrawal.cumulative, 0)) AS rest
    FROM escrow_entry AS later
    CROSS JOIN LATERAL (
      SELECT cumulative FROM ${entries} AND kind = 'deposit'
        AND (entry.block_number, entry.log_index) < (later.block_number, later.log_index) ${newest}
    ) AS before
    WHERE later.payer = key.payer AND later.operator = key.operator AND later.kind = 'charge'
      AND (later.block_number, later.log_index) > (thaw.block_number, thaw.log_index)
  ) AS eaten ON still.thawing`

/** A recipient of zero means the account itself (RewardsDistributor.claim). */
const rewardSql = `
  INSERT INTO reward_account
  SELECT key.account, coalesce(paid.cumulative, 0),
    coalesce(nullif(change.recipient, '0x' || repeat('0', 40)), key.account),
    newest.block_number, newest.block_hash
  FROM unnest($1::text[]) AS key(account)
  LEFT JOIN LATERAL (
    SELECT * FROM claim WHERE claim.account = key.account ${newest}
  ) AS paid ON true
  LEFT JOIN LATERAL (
    SELECT * FROM recipient_change AS r WHERE r.account = key.account ${newest}
  ) AS change ON true
  JOIN LATERAL (
    SELECT * FROM (
      VALUES (paid.block_number, paid.log_index, paid.block_hash),
        (change.block_number, change.log_index, change.block_hash)
    ) AS last(block_number, log_index, block_hash)
    WHERE last.block_number IS NOT NULL ${newest}
  ) AS newest ON true`
