import type { QueryRunner } from 'typeorm'
import { BaseError } from '../../../schema/errors.ts'
import { type GenerationRole, hasRole } from './read-generation.ts'

/**
 * Makes sure that a generation keeps its role until the caller's transaction ends.
 *
 * A swap waits for the transaction; one that comes after a swap is refused.
 *
 * @throws `PROJECTION_SWAPPED` it is not live any more
 * @throws `PROJECTION_FENCED` it is not being rebuilt any more
 */
export async function requireRole(
  runner: QueryRunner,
  number: number,
  role: GenerationRole,
): Promise<void> {
  const [row] = await runner.query(
    'SELECT state FROM projections.generation WHERE number = $1 FOR SHARE',
    [number],
  )
  if (row !== undefined && hasRole(row, role)) return
  const facts = { generation: number, state: row?.state ?? 'dropped' }
  throw new BaseError(role === 'live' ? 'PROJECTION_SWAPPED' : 'PROJECTION_FENCED', { facts })
}
