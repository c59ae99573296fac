import { connectDatabase } from './connect-database.ts'
import { ensurePointer } from './generations/ensure-pointer.ts'
import { migrateGeneration } from './generations/migrate-generation.ts'
import { readGeneration } from './generations/read-generation.ts'

/**
 * Brings the live tables of the read model up to date; runs each migration once, all or nothing.
 *
 * @returns names of the migrations that ran
 * @throws `DATABASE_UNAVAILABLE` when the database does not answer
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const base = await connectDatabase(databaseUrl, 1)
  try {
    await ensurePointer(base)
    return await migrateGeneration(databaseUrl, await readGeneration(base, 'live'))
  } finally {
    await base.destroy()
  }
}
