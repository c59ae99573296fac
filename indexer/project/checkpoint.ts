import type { QueryRunner } from 'typeorm'
import { BaseError } from '../../schema/errors.ts'

/** Position of a projection that has handled nothing. */
export const nothingHandled = -1n

/**
 * Makes this connection the only writer of a projection and reads how far it is.
 *
 * The lock belongs to the connection and goes with it.
 *
 * @throws `PROJECTION_LOCKED` when another connection holds it.
 */
export async function lockCheckpoint(
  runner: QueryRunner,
  name: string,
  generation: number,
): Promise<bigint> {
  // The first generation keeps the name of the lock that versions without generations take.
  const lockName = generation === 1 ? `projection:${name}` : `projection:${name}@${generation}`
  const [lock] = await runner.query(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [lockName],
  )
  if (lock.locked !== true) throw new BaseError('PROJECTION_LOCKED', { facts: { name } })
  await runner.query(
    'INSERT INTO projection_checkpoint (name, position) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [name, nothingHandled.toString()],
  )
  const [row] = await runner.query('SELECT position FROM projection_checkpoint WHERE name = $1', [
    name,
  ])
  return BigInt(row.position)
}

/**
 * Moves the checkpoint from one position to the next, inside the caller's transaction.
 *
 * @throws `PROJECTION_FENCED` when it is not where this writer left it.
 */
export async function moveCheckpoint(
  runner: QueryRunner,
  name: string,
  from: bigint,
  to: bigint,
): Promise<void> {
  const { affected } = await runner.query(
    `UPDATE projection_checkpoint SET position = $1, updated_at = now()
     WHERE name = $2 AND position = $3`,
    [to.toString(), name, from.toString()],
    true,
  )
  if (affected !== 1) throw new BaseError('PROJECTION_FENCED', { facts: { name, expected: from } })
}
