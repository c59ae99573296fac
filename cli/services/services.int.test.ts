import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { startAnvil } from './start-anvil.ts'
import { startPostgres } from './start-postgres.ts'

test('a PostgreSQL cluster keeps its data over a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'provenant-pg-'))
  try {
    const first = await startPostgres({ dir })
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await first.close()
    await first.close()
    await using second = await startPostgres({ dir })
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('a test database is empty and disappears', async () => {
  const database = await createTestDatabase()
  expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await database.drop()
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow(/does not exist/)
})

test('anvil serves the chain id that was asked for and is gone after close', async () => {
  const anvil = await startAnvil({ chainId: 424_242 })
  expect(anvil.chainId).toBe(424_242)
  await anvil.close()
  await expect(fetch(anvil.url)).rejects.toThrow()
})

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
