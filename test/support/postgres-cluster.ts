import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../cli/services/start-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** Starts one PostgreSQL for the whole run; every test file makes its own databases in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'provenant-test-pg-'))
  chmodSync(dir, 0o755)
  const postgres = await startPostgres({
    dir,
    settings: { fsync: 'off', max_connections: '200' },
  })
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.close()
    await rm(dir, { recursive: true, force: true })
  }
}
