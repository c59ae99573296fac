import type { Generation } from '../../../schema/entities/generation.ts'
import { withSearchPath } from '../../../schema/entities/search-path.ts'
import { connectDatabase } from '../connect-database.ts'

/**
 * Runs the missing migrations in the schema of one generation, all or none, and notes its level.
 *
 * @returns names of the migrations that ran
 * @throws `DATABASE_UNAVAILABLE`
 */
export async function migrateGeneration(
  databaseUrl: string,
  { number, schema }: Generation,
): Promise<readonly string[]> {
  const source = await connectDatabase(withSearchPath(databaseUrl, schema), 1)
  try {
    const ran = await source.runMigrations({ transaction: 'all' })
    await source.query(
      `UPDATE projections.generation SET level = found.name
       FROM (SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1) AS found
       WHERE number = $1 AND level <> found.name`,
      [number],
    )
    return ran.map((migration) => migration.name)
  } finally {
    await source.destroy()
  }
}
