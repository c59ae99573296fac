import type { DataSource } from 'typeorm'
import type { Generation } from '../../../schema/entities/generation.ts'
import { schemaLevel } from '../../../schema/entities/schema-level.ts'
import { BaseError } from '../../../schema/errors.ts'
import { readGenerations } from './read-generations.ts'

/** `live`: the tables that are read; `next`: those that are being rebuilt. */
export type GenerationRole = 'live' | 'next'

export const hasRole = ({ state }: Pick<Generation, 'state'>, role: GenerationRole): boolean =>
  role === 'live' ? state === 'live' : state === 'building' || state === 'ready'

/**
 * Reads which generation has a role.
 *
 * @throws `PROJECTION_GENERATION_MISSING` none has
 * @throws `SCHEMA_MISMATCH`
 */
export async function readGeneration(
  source: DataSource,
  role: GenerationRole,
): Promise<Generation> {
  const found = (await readGenerations(source)).find((one) => hasRole(one, role))
  if (found === undefined) throw new BaseError('PROJECTION_GENERATION_MISSING', { facts: { role } })
  return found
}

/**
 * Refuses tables that the entities of this version do not fit.
 *
 * @throws `SCHEMA_MISMATCH`
 */
export function requireLevel({ schema, level }: Generation): void {
  if (level !== schemaLevel)
    throw new BaseError('SCHEMA_MISMATCH', {
      facts: { schema, found: level, expected: schemaLevel },
    })
}
