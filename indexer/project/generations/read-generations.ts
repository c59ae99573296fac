import type { DataSource } from 'typeorm'
import { Generation } from '../../../schema/entities/generation.ts'
import { BaseError } from '../../../schema/errors.ts'

const undefinedTable = '42P01'

/**
 * Reads every generation of the tables, oldest first.
 *
 * @throws `SCHEMA_MISMATCH` when the database was never migrated by a version that has generations.
 */
export async function readGenerations(source: DataSource): Promise<readonly Generation[]> {
  try {
    return await source.getRepository(Generation).find({ order: { number: 'ASC' } })
  } catch (cause) {
    if ((cause as { code?: unknown }).code === undefinedTable)
      throw new BaseError('SCHEMA_MISMATCH', { facts: { found: 'no generations' }, cause })
    throw cause
  }
}
