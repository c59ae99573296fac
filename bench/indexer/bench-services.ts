import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../cli/services/start-postgres.ts'

/** A PostgreSQL with its default settings, fsync included, and databases in it. */
export interface BenchDatabase extends AsyncDisposable {
  readonly pid: number
  /** Version and the settings that durability depends on. */
  readonly settings: Readonly<Record<string, string>>
  /** Creates an empty database and returns its URL. */
  create(): Promise<string>
}

/** Starts a private PostgreSQL in the temporary folder. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'provenant-bench-pg-'))
  chmodSync(dir, 0o755)
  const postgres = await startPostgres({ dir })
  const query = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  const [settings] = await query(
    postgres.url,
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS "synchronousCommit"`,
  )
  let made = 0
  return {
    pid: postgres.pid,
    settings,
    async create() {
      made += 1
      await query(postgres.url, `CREATE DATABASE bench_${made}`)
      // A checkpoint in the middle of a run would write the pages of the run before.
      await query(postgres.url, 'CHECKPOINT')
      const url = new URL(postgres.url)
      url.pathname = `/bench_${made}`
      return url.href
    },
    async [Symbol.asyncDispose]() {
      await postgres.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
