import * as fc from 'fast-check'
import type { DataSource } from 'typeorm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { Contribution } from '../../schema/entities/contribution.ts'
import { EscrowAccount } from '../../schema/entities/escrow-account.ts'
import { RewardAccount } from '../../schema/entities/reward-account.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { connectDatabase } from './connect-database.ts'
import { migrate } from './migrate.ts'
import { openProjectionWriter } from './projection-writer.ts'
import { logChainId, playSteps, type Step } from './random-log.fixture.ts'
import { tableHashes } from './table-hashes.ts'

let database: TestDatabase
let source: DataSource

beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.url)
  source = await connectDatabase(database.url)
})

afterAll(async () => {
  await source.destroy()
  await database.drop()
})

const open = (name = 'test') =>
  openProjectionWriter({ databaseUrl: database.url, chainId: logChainId, name })

async function empty(): Promise<void> {
  const tables: { name: string }[] = await source.query(
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = current_schema() AND tablename <> 'migrations'`,
  )
  await source.query(tables.map(({ name }) => `DELETE FROM ${name}`).join(';'))
}

async function projectAtOnce(events: readonly RecordedEvent[]) {
  await empty()
  await using writer = await open()
  await writer.write(events)
  return tableHashes(database.url)
}

/** Cuts the log by `sizes`; a negative size is a batch that fails at its end, then a new process. */
async function projectInPieces(events: readonly RecordedEvent[], sizes: readonly number[]) {
  await empty()
  let writer = await open()
  let at = 0
  for (let i = 0; at < events.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    const batch = events.slice(at, at + Math.abs(size))
    if (size < 0) {
      const poison = { ...events[at], type: 'Poison', position: 1n << 60n } as RecordedEvent
      const inChain = { ...poison, stream: `chain-${logChainId}` }
      await expect(writer.write([...batch, inChain])).rejects.toMatchObject({
        code: 'EVENT_LOG_CORRUPT',
      })
      await writer.close()
      writer = await open()
      if (i % 2 === 0) continue
      await writer.write(batch)
      at += batch.length
    } else {
      // The log may deliver again what was handled already.
      await writer.write(events.slice(Math.max(0, at - 3), at + size))
      at += batch.length
    }
  }
  await writer.close()
  return tableHashes(database.url)
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('block' as const),
      actions: fc.array(fc.nat(13 * 4096), { maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fork' as const),
      depth: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('attribute' as const),
      call: fc.nat(9),
      amount: fc.nat(99),
    }),
  },
)

test('however a log is cut, repeated or interrupted, the tables are those of its live facts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 60 }),
      fc
        .array(
          fc.integer({ min: -7, max: 12 }).filter((n) => n !== 0),
          {
            minLength: 2,
            maxLength: 6,
          },
        )
        .filter((sizes) => sizes.some((size) => size > 0)),
      async (steps, sizes) => {
        const { events, live, world } = playSteps(steps)
        const expected = await projectAtOnce(live)
        expect(await projectAtOnce(events)).toEqual(expected)
        expect(await projectInPieces(events, sizes)).toEqual(expected)

        const accounts = await source.getRepository(EscrowAccount).find()
        for (const { payer, deposited, withdrawn, charged, thawing } of accounts)
          expect({ deposited, withdrawn, charged, thawing }).toEqual(world.accounts[payer])
        const stakes: { account: string; active: string; thawing: string; slashed: string }[] =
          await source.query('SELECT * FROM agent_stake')
        expect(stakes).toHaveLength(Object.keys(world.stakes).length)
        for (const { account, active, thawing, slashed } of stakes)
          expect({
            active: BigInt(active),
            thawing: BigInt(thawing),
            slashed: BigInt(slashed),
          }).toEqual(world.stakes[account])
        const claims = await source.getRepository(RewardAccount).find()
        for (const { account, claimed } of claims)
          expect(claimed).toBe(world.claimed[account] ?? 0n)
        const contributions = await source.getRepository(Contribution).find()
        expect(contributions).toHaveLength(world.contributions)
        for (const { id, status } of contributions)
          expect(status).toBe(world.decided[id] ?? 'submitted')
      },
    ),
    { numRuns: 8, seed: 7 },
  )
})

test('a second writer of the same projection is refused, one of another name is not', async () => {
  await empty()
  await using first = await open()
  await expect(open()).rejects.toMatchObject({ code: 'PROJECTION_LOCKED', facts: { name: 'test' } })
  await using other = await open('other')
  expect(other.position).toBe(-1n)
  await first.close()
  await using second = await open()
  expect(second.position).toBe(-1n)
})

test('a checkpoint that another writer moved fences this one and keeps nothing of its batch', async () => {
  await empty()
  await using writer = await open()
  const { events } = playSteps([{ kind: 'block', actions: [0, 13, 26] }])
  await source.query(`UPDATE projection_checkpoint SET position = 5 WHERE name = 'test'`)
  await expect(writer.write(events)).rejects.toMatchObject({ code: 'PROJECTION_FENCED' })
  expect(await source.getRepository(Contribution).count()).toBe(0)
})
