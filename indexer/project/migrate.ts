import { connectDatabase } from './connect-database.ts'

/**
 * Brings the read model's tables up to date; runs each migration once, all or nothing.
 *
 * @returns names of the migrations that ran
 * @throws `DATABASE_UNAVAILABLE` when the database does not answer
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const dataSource = await connectDatabase(databaseUrl, 1)
  try {
    const ran = await dataSource.runMigrations({ transaction: 'all' })
    return ran.map((migration) => migration.name)
  } finally {
    await dataSource.destroy()
  }
}
