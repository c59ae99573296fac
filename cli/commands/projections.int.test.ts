import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createEmbeddedEventLog,
  type EmbeddedEventLog,
} from '../../eventlog/embedded/create-embedded-event-log.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { runCli } from '../../test/support/run-cli.ts'

let tables: TestDatabase
let logs: TestDatabase
let log: EmbeddedEventLog

beforeAll(async () => {
  tables = await createTestDatabase()
  logs = await createTestDatabase()
  log = await createEmbeddedEventLog({ databaseUrl: logs.url })
})

afterAll(async () => {
  await log.close()
  await Promise.all([tables.drop(), logs.drop()])
})

const provenant = (...args: readonly string[]) =>
  runCli([...args, '--json'], {
    PROVENANT_DATABASE_URL: tables.url,
    PROVENANT_EVENTSTORE_URL: log.connectionString,
    PROVENANT_CHAIN_ID: '4711',
  })

test('tables are rebuilt, swapped, listed and dropped from the command line', async () => {
  const early = await provenant('projections', 'status')
  expect(JSON.parse(early.stdout).error.code).toBe('SCHEMA_MISMATCH')
  await provenant('migrate')
  const rebuilt = await provenant('projections', 'rebuild')
  expect(JSON.parse(rebuilt.stdout)).toMatchObject({ generation: 2, schema: 'proj_2' })
  const swapped = await provenant('projections', 'swap')
  expect(JSON.parse(swapped.stdout)).toMatchObject({
    live: { number: 2 },
    retired: { number: 1 },
    comparison: { differences: [] },
  })
  const dropped = await provenant('projections', 'drop', '2')
  expect(JSON.parse(dropped.stdout).error.code).toBe('PROJECTION_GENERATION_IN_USE')
  const status = await provenant('projections', 'status')
  expect(status.code).toBe(0)
  expect(JSON.parse(status.stdout)).toMatchObject({
    generations: [
      { number: 1, state: 'retired' },
      { number: 2, state: 'live', deadLetters: 0 },
    ],
    deadLetters: [],
  })
}, 180_000)
