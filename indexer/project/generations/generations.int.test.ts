import * as fc from 'fast-check'
import type { DataSource } from 'typeorm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEventLog } from '../../../eventlog/client/create-event-log.ts'
import type { EventLog, RecordedEvent } from '../../../eventlog/client/event-log.ts'
import {
  createEmbeddedEventLog,
  type EmbeddedEventLog,
} from '../../../eventlog/embedded/create-embedded-event-log.ts'
import { ReadModel } from '../../../migrations/0001-read-model.ts'
import { ControlFacts } from '../../../migrations/0002-control-facts.ts'
import { FinalizedViews } from '../../../migrations/0003-finalized-views.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { verifyTables } from '../../verify/verify-tables.ts'
import { connectDatabase } from '../connect-database.ts'
import { createProjector, type Projector } from '../create-projector.ts'
import { migrate } from '../migrate.ts'
import { openProjectionWriter } from '../projection-writer.ts'
import { logChainId as chainId, playSteps, type Step } from '../random-log.fixture.ts'
import { tableHashes } from '../table-hashes.ts'
import { catchUp } from './catch-up.ts'
import { dropGeneration } from './drop-generation.ts'
import { readGenerations } from './read-generations.ts'
import { readProjectionsStatus } from './read-projections-status.ts'
import { rebuildProjection } from './rebuild-projection.ts'
import { swapGenerations } from './swap-generations.ts'

const name = 'read-model'

let logs: TestDatabase
let tables: TestDatabase
let server: EmbeddedEventLog
let eventLog: EventLog
let source: DataSource
let positions: readonly bigint[]

beforeAll(async () => {
  logs = await createTestDatabase()
})

afterAll(async () => {
  await closeWorld()
  await logs.drop()
})

beforeEach(async () => {
  await openWorld([])
})

/** An empty database of tables and a log that holds the given events. */
async function openWorld(events: readonly RecordedEvent[]): Promise<void> {
  await closeWorld()
  worlds += 1
  tables = await createTestDatabase()
  await migrate(tables.url)
  server = await createEmbeddedEventLog({ databaseUrl: logs.url, schema: `log_${worlds}` })
  eventLog = createEventLog({ connectionString: server.connectionString })
  source = await connectDatabase(tables.url)
  positions = await append(events)
}

let worlds = 0

async function closeWorld(): Promise<void> {
  if (worlds === 0) return
  await source.destroy()
  await eventLog.close()
  await server.close()
  await tables.drop()
}

/** @returns the position of each event in the log. */
async function append(events: readonly RecordedEvent[]): Promise<readonly bigint[]> {
  for (let at = 0; at < events.length; ) {
    const stream = events[at]!.stream
    let end = at
    while (events[end]?.stream === stream) end += 1
    const run = events.slice(at, end).map(({ id, type, data, metadata }) => ({
      ...{ id, type, data, metadata },
    }))
    await eventLog.append(stream, run, { expectedRevision: 'any' })
    at = end
  }
  const found: bigint[] = []
  const all = eventLog.subscribe({
    source: 'all',
    onEvents: (batch) => {
      found.push(...batch.map(({ position }) => position))
    },
    onCaughtUp: () => {
      void all.close()
    },
  })
  await all.done
  return found
}

const options = () => ({ databaseUrl: tables.url, eventLog, chainId })

/** Brings the live tables up to the n-th event. */
async function projectLive(count: number): Promise<void> {
  await using writer = await openProjectionWriter({ databaseUrl: tables.url, chainId, name })
  await catchUp({ writer, eventLog, chainId }, positions[count - 1] ?? -1n)
}

async function withProjector<T>(work: (projector: Projector) => Promise<T>): Promise<T> {
  await using projector = createProjector(options())
  const running = projector.run()
  const failed = running.then(() => new Promise<never>(() => undefined))
  try {
    return await Promise.race([work(projector), failed])
  } finally {
    await projector.close()
    await running.catch(() => undefined)
  }
}

const blocks = (count: number, seed = 1): Step[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: 'block',
    actions: [0, (i * 7 + seed) % 53000, (i * 31 + 5 * seed) % 53000],
  }))

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
)

test('a rebuild at any position, killed at any moment, makes the live tables, and the swap loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 40 }),
      fc.array(fc.record({ at: fc.nat(100), kill: fc.boolean() }), { maxLength: 3 }),
      fc.nat(100),
      async (steps, runs, liveAt) => {
        const { events } = playSteps(steps)
        await openWorld(events)
        await projectLive(Math.ceil((events.length * liveAt) / 100))
        const interrupted = new AbortController()
        interrupted.abort(new Error('stopped'))
        if (events.length > 0 && liveAt > 0)
          await expect(
            rebuildProjection({ ...options(), signal: interrupted.signal }),
          ).rejects.toThrow('stopped')
        for (const { at, kill } of liveAt > 0 ? runs : [])
          await rebuildPartly(Math.ceil((events.length * liveAt * at) / 10_000), kill)
        await rebuildProjection(options())
        // The live tables go on between rebuild and swap.
        await projectLive(events.length)
        const expected = await tableHashes(tables.url)
        const { comparison, live, retired } = await swapGenerations(options())
        expect(comparison).toMatchObject({ differences: [], position: positions.at(-1) ?? -1n })
        expect([retired.number, live.number]).toEqual([1, 2])
        expect(await tableHashes(tables.url)).toEqual(expected)
      },
    ),
    { numRuns: 5, seed: 11 },
  )
}, 240_000)

/** Rebuilds up to the n-th event; `kill` cuts every connection to the tables meanwhile. */
async function rebuildPartly(count: number, kill: boolean): Promise<void> {
  await using writer = await openProjectionWriter({
    ...{ databaseUrl: tables.url, chainId, name, role: 'next' },
  })
  const working = catchUp({ writer, eventLog, chainId }, positions[count - 1] ?? -1n)
  if (kill) {
    // A cut connection may reject it before anybody waits for it.
    const ended = working.catch(() => undefined)
    const client = source.createQueryRunner()
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    await client.release()
    await ended
  } else await working
}

test('the running projector goes on in the new tables, without a lost or doubled row', async () => {
  const { events } = playSteps(blocks(60))
  const half = events.length >> 1
  positions = await append(events.slice(0, half))
  await withProjector(async (projector) => {
    await projector.caughtUp(positions.at(-1)!)
    await rebuildProjection(options())
    const appending = append(events.slice(half))
    await swapGenerations(options())
    positions = await appending
    await projector.caughtUp(positions.at(-1)!)
    expect(projector.status()).toMatchObject({ state: 'running' })
  })
  expect((await readGenerations(source)).map(({ state }) => state)).toEqual(['retired', 'live'])
  const swapped = await tableHashes(tables.url)
  await openWorld(events)
  await projectLive(events.length)
  expect(swapped).toEqual(await tableHashes(tables.url))
})

test('a rebuild that differs is named and refused, and swapped in only by force', async () => {
  const { events } = playSteps(blocks(10))
  positions = await append(events)
  await projectLive(events.length)
  await source.query(`UPDATE contribution SET root = 'a mistake of the past' WHERE id = 2`)
  await rebuildProjection(options())
  await expect(swapGenerations(options())).rejects.toMatchObject({
    code: 'PROJECTION_DIFFERS',
    facts: { tables: 'contribution', position: positions.at(-1) },
  })
  expect((await readProjectionsStatus(tables.url)).generations).toMatchObject([
    { number: 1, state: 'live' },
    { number: 2, state: 'ready', schema: 'proj_2' },
  ])
  const { comparison } = await swapGenerations({ ...options(), force: true })
  expect(comparison?.differences).toMatchObject([
    { table: 'contribution', live: { rows: 10 }, next: { rows: 10 } },
  ])
  expect(
    await source.query(`SELECT count(*)::int FROM proj_2.contribution WHERE root LIKE 'a%'`),
  ).toEqual([{ count: 0 }])
})

test('an unfinished rebuild is swapped in only by force, and the projector ends it', async () => {
  const { events } = playSteps(blocks(10))
  positions = await append(events)
  await projectLive(events.length)
  const expected = await tableHashes(tables.url)
  await expect(swapGenerations(options())).rejects.toMatchObject({
    code: 'PROJECTION_GENERATION_MISSING',
  })
  const stop = new AbortController()
  stop.abort(new Error('stopped'))
  await expect(rebuildProjection({ ...options(), signal: stop.signal })).rejects.toThrow('stopped')
  await expect(swapGenerations(options())).rejects.toMatchObject({ code: 'PROJECTION_NOT_READY' })
  await swapGenerations({ ...options(), force: true })
  expect(await tableHashes(tables.url)).not.toEqual(expected)
  await withProjector((projector) => projector.caughtUp(positions.at(-1)!))
  expect(await tableHashes(tables.url)).toEqual(expected)
})

test('live and just retired tables are not dropped, older ones go without a trace', async () => {
  const { events } = playSteps(blocks(4))
  positions = await append(events)
  await projectLive(events.length)
  await rebuildProjection(options())
  await swapGenerations(options())
  const inUse = { code: 'PROJECTION_GENERATION_IN_USE' }
  await expect(dropGeneration(tables.url, 2)).rejects.toMatchObject(inUse)
  await expect(dropGeneration(tables.url, 1)).rejects.toMatchObject(inUse)
  await expect(dropGeneration(tables.url, 9)).rejects.toMatchObject({
    code: 'PROJECTION_GENERATION_MISSING',
  })
  await dropGeneration(tables.url, 1, { now: new Date(Date.now() + 60_000) })
  expect(
    await source.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')`,
    ),
  ).toEqual([])
  await rebuildProjection(options())
  await dropGeneration(tables.url, 3)
  expect(await source.query(`SELECT to_regnamespace('proj_3') AS gone`)).toEqual([{ gone: null }])
  expect(await migrate(tables.url)).toEqual([])
})

test('an event that the tables refuse is put aside when live, named by verify, fatal in a rebuild', async () => {
  const { events } = playSteps(blocks(6))
  const at = events.findLastIndex(({ type }) => type === 'ContributionSubmitted')
  const victim = events[at]!
  const poison = { ...victim, data: { ...victim.data, dataHash: 'no \u0000 in a text' } }
  positions = await append(events.with(at, poison))
  await withProjector(async (projector) => {
    await projector.caughtUp(positions.at(-1)!)
    await expect
      .poll(() => projector.status())
      .toMatchObject({ state: 'running', deadLetters: 1, caughtUp: true })
  })
  const status = await readProjectionsStatus(tables.url)
  expect(status.generations).toMatchObject([{ state: 'live', deadLetters: 1 }])
  expect(status.deadLetters).toMatchObject([
    { eventId: victim.id, type: 'ContributionSubmitted', sqlstate: '22P05', blockNumber: 5 },
  ])
  const id = String(victim.data['contributionId'])
  const verify = (repair = false) => verifyTables({ ...options(), repair })
  const missing = { kind: 'missing', what: 'contribution', id, height: 5 }
  expect((await verify()).differences).toMatchObject([
    { ...missing, deadLetter: expect.stringContaining('22P05') },
  ])
  expect((await verify(true)).differences).toHaveLength(1)
  expect((await verify()).differences).toMatchObject([missing])
  await expect(rebuildProjection(options())).rejects.toMatchObject({
    code: 'PROJECTION_POISONED',
    facts: { id: victim.id, type: 'ContributionSubmitted' },
  })
})

test('a dead letter goes with its block', async () => {
  const { events } = playSteps([...blocks(6), { kind: 'fork', depth: 2 }, ...blocks(2, 9)])
  const at = events.findLastIndex(
    ({ type, metadata }) => type === 'ContributionSubmitted' && metadata['blockNumber'] === 5,
  )
  const first = events.findIndex(
    ({ type, metadata }) => type === 'ContributionSubmitted' && metadata['blockNumber'] === 5,
  )
  expect(first).toBeLessThan(at)
  const poison = { ...events[first]!, data: { ...events[first]!.data, dataHash: '\u0000' } }
  positions = await append(events.with(first, poison))
  await projectLive(events.findIndex(({ type }) => type === 'BlockReverted'))
  const count = async () => (await readProjectionsStatus(tables.url)).deadLetters.length
  expect(await count()).toBe(1)
  await projectLive(events.length)
  expect(await count()).toBe(0)
  expect((await verifyTables(options())).differences).toEqual([])
})

test('tables of another version are refused by the projector', async () => {
  await source.query(`UPDATE projections.generation SET level = 'Elsewhere1700000000099'`)
  await expect(createProjector(options()).run()).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    facts: { found: 'Elsewhere1700000000099' },
  })
  await source.query('DROP SCHEMA projections CASCADE')
  await expect(createProjector(options()).run()).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
  expect(await migrate(tables.url)).toEqual([])
  await withProjector((projector) => projector.caughtUp(-1n))
})

test('tables of a version without generations become generation 1 with all their rows', async () => {
  const { events } = playSteps(blocks(5))
  positions = await append(events)
  await projectLive(events.length)
  const expected = await tableHashes(tables.url)
  await runOnly(ReadModel, ControlFacts)
  expect(await migrate(tables.url)).toEqual(['FinalizedViews1700000000003'])
  expect(await readGenerations(source)).toMatchObject([
    { number: 1, schema: 'public', state: 'live', level: 'FinalizedViews1700000000003' },
  ])
  expect(await tableHashes(tables.url)).toEqual(expected)
})

test('a version with more migrations rebuilds beside tables that it could not read', async () => {
  const { events } = playSteps(blocks(5))
  positions = await append(events)
  await projectLive(events.length)
  const expected = await tableHashes(tables.url)
  await runOnly(ReadModel, ControlFacts)
  await rebuildProjection(options())
  await expect(createProjector(options()).run()).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
  const { comparison } = await swapGenerations(options())
  expect(comparison?.differences).toEqual([])
  expect(await tableHashes(tables.url)).toEqual(expected)
  await withProjector((projector) => projector.caughtUp(positions.at(-1)!))
})

/** Takes a database back to what a version with fewer migrations and no generations left. */
async function runOnly(...kept: readonly (new () => { readonly name: string })[]): Promise<void> {
  const names = kept.map((Migration) => new Migration().name)
  const runner = source.createQueryRunner()
  await new FinalizedViews().down(runner)
  await runner.query('DELETE FROM migrations WHERE name <> ALL ($1)', [names])
  await runner.query('DROP SCHEMA projections CASCADE')
  await runner.release()
}
