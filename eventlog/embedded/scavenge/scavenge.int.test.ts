import { randomUUID } from 'node:crypto'
import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client'
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { scavenge } from '../../client/scavenge.ts'
import { createEmbeddedEventLog, type EmbeddedEventLog } from '../create-embedded-event-log.ts'

let database: TestDatabase
let server: EmbeddedEventLog
let client: EventStoreDBClient
let sql: pg.Client

beforeEach(async () => {
  database = await createTestDatabase()
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
  await start()
})
afterEach(async () => {
  await sql.end()
  await client.dispose()
  await server.close()
  await database.drop()
})

async function start(): Promise<void> {
  server = await createEmbeddedEventLog({ databaseUrl: database.url })
  client = EventStoreDBClient.connectionString(server.connectionString)
}

const event = (n: number) => jsonEvent({ id: randomUUID(), type: 'Numbered', data: { n } })
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n))
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 5 })
const count = async (): Promise<number> =>
  Number(
    (await sql.query(`SELECT count(*) FROM eventlog.event WHERE type = 'Numbered'`)).rows[0].count,
  )
const readAll = async () => {
  const found: (bigint | undefined)[] = []
  for await (const { event: e } of client.readAll()) found.push(e?.position.commit)
  return found
}

it('lets no stream of facts lose an event', async () => {
  await client.appendToStream('chain-1', events(3), { expectedRevision: NO_STREAM })
  const denied = { type: 'access-denied' }
  await expect(client.deleteStream('chain-1')).rejects.toMatchObject(denied)
  await expect(client.tombstoneStream('chain-1')).rejects.toMatchObject(denied)
  for (const limit of [{ maxCount: 1 }, { maxAge: 1 }, { truncateBefore: 2 }]) {
    await expect(client.setStreamMetadata('chain-1', limit)).rejects.toMatchObject(denied)
  }
  await client.setStreamMetadata('chain-1', { owner: 'me' })
  await sql.query(`UPDATE eventlog.stream SET max_count = 1 WHERE name = 'chain-1'`)
  await scavenge({ connectionString: server.connectionString })
  expect(await count()).toBe(3)
})

it('is stopped between chunks, goes on where it stopped, and appends do not wait for it', async () => {
  for (let i = 0; i < 4; i++) await client.appendToStream('s', events(3_000))
  await client.setStreamMetadata('s', { maxCount: 10 })
  const { connectionString } = server
  const controller = new AbortController()
  const first = scavenge({ connectionString, signal: controller.signal })
  const appending = (async () => {
    for (let i = 0; i < 20; i++) await client.appendToStream('other', event(i))
  })()
  await eventually(count).toBeLessThan(12_000)
  controller.abort()
  const { result } = await first
  await appending
  if (result === 'Stopped') {
    const left = await count()
    expect(left).toBeGreaterThan(30)
    expect(await scavenge({ connectionString })).toMatchObject({ result: 'Success' })
  }
  expect(await count()).toBe(30)
  expect((await sql.query('SELECT removed FROM eventlog.scavenge')).rows).toEqual([
    { removed: '11990' },
  ])
})

it('goes on after the server died in the middle', async () => {
  await client.appendToStream('s', events(5_000), { expectedRevision: NO_STREAM })
  await client.setStreamMetadata('s', { truncateBefore: 4_990 })
  const dying = scavenge({ connectionString: server.connectionString }).catch(() => undefined)
  await eventually(count).toBeLessThan(5_000)
  await server.close()
  await client.dispose()
  await dying
  await start()
  await scavenge({ connectionString: server.connectionString })
  expect(await count()).toBe(10)
})

it('gives no position twice, although the end of the log was removed', async () => {
  await client.appendToStream('s', events(3), { expectedRevision: NO_STREAM })
  await client.tombstoneStream('s')
  await scavenge({ connectionString: server.connectionString })
  const before = await readAll()
  await client.dispose()
  await server.close()
  await start()
  const { position } = await client.appendToStream('t', event(0))
  expect(position?.commit).toBeGreaterThan(before.at(-1)!)
  expect(await readAll()).toEqual([...before, position?.commit])
})

it('keeps readable what a change of the metadata made readable again', async () => {
  await client.appendToStream('s', events(4), { expectedRevision: NO_STREAM })
  await client.deleteStream('s')
  await client.setStreamMetadata('s', { truncateBefore: 1 })
  await scavenge({ connectionString: server.connectionString })
  // Metadata of a deleted stream brings it back empty, as in EventStoreDB.
  expect((await client.getStreamMetadata('s')).metadata).toEqual({ truncateBefore: 4 })
  expect(await count()).toBe(1)
})

it('parks no longer what was removed', async () => {
  await client.appendToStream('s', events(3), { expectedRevision: NO_STREAM })
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START })
  await client.createPersistentSubscriptionToStream('s', 'g', settings)
  const seen: number[] = []
  const consumer = client.subscribeToPersistentSubscriptionToStream('s', 'g')
  consumer.on('data', (resolved) => {
    seen.push(Number(resolved.event?.revision))
    if (seen.length > 3) void consumer.ack(resolved)
    else void consumer.nack('park', 'later', resolved)
  })
  const parked = async () =>
    (await client.getPersistentSubscriptionToStreamInfo('s', 'g')).stats.parkedMessageCount
  await eventually(parked).toBe(3n)
  await client.setStreamMetadata('s', { maxCount: 1 })
  await scavenge({ connectionString: server.connectionString })
  await client.replayParkedMessagesToStream('s', 'g')
  await eventually(() => seen).toEqual([0, 1, 2, 2])
  await eventually(parked).toBe(0n)
  await consumer.unsubscribe()
})

it('answers a second start with the running one and knows no other', async () => {
  await client.appendToStream('s', events(2), { expectedRevision: NO_STREAM })
  const { connectionString } = server
  const [one, two] = await Promise.allSettled([
    scavenge({ connectionString }),
    scavenge({ connectionString }),
  ])
  const outcomes = [one, two].map((settled) =>
    settled.status === 'fulfilled' ? settled.value.result : settled.reason.code,
  )
  for (const outcome of outcomes) expect(['Success', 'EVENT_LOG_REFUSED']).toContain(outcome)
  expect(outcomes).toContain('Success')
})
