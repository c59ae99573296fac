import type { DataSource } from 'typeorm'
import { type Generation, generationEntity } from '../../../schema/entities/generation.ts'
import { withSearchPath } from '../../../schema/entities/search-path.ts'
import { connectDatabase } from '../connect-database.ts'
import { type GenerationRole, readGeneration } from './read-generation.ts'

/** A connection whose unqualified names mean the tables of one generation; for SQL only. */
export interface GenerationConnection {
  readonly source: DataSource
  readonly generation: Generation
}

/**
 * Connects to the generation that has a role at this moment.
 *
 * @throws `DATABASE_UNAVAILABLE`, `SCHEMA_MISMATCH`, `PROJECTION_GENERATION_MISSING`
 */
export async function connectGeneration(
  databaseUrl: string,
  role: GenerationRole,
  poolSize?: number,
): Promise<GenerationConnection> {
  const base = await connectDatabase(databaseUrl, 1, [generationEntity])
  let generation: Generation
  try {
    generation = await readGeneration(base, role)
  } finally {
    await base.destroy()
  }
  const url = withSearchPath(databaseUrl, generation.schema)
  return { generation, source: await connectDatabase(url, poolSize, []) }
}
