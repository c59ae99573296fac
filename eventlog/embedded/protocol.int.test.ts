import { randomUUID } from 'node:crypto'
import {
  ANY,
  BACKWARDS,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  NO_STREAM,
  type PersistentSubscriptionToStreamResolvedEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  STREAM_EXISTS,
} from '@eventstore/db-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEmbeddedEventLog, type EmbeddedEventLog } from './create-embedded-event-log.ts'

let database: TestDatabase
let server: EmbeddedEventLog
let client: EventStoreDBClient

beforeEach(async () => {
  database = await createTestDatabase()
  await start()
})
afterEach(async () => {
  await client.dispose()
  await server.close()
  await database.drop()
})

async function start(): Promise<void> {
  server = await createEmbeddedEventLog({ databaseUrl: database.url })
  client = EventStoreDBClient.connectionString(server.connectionString)
}

const event = (n: number, type = 'Numbered') =>
  jsonEvent({ id: randomUUID(), type, data: { n }, metadata: { block: n } })
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n))
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 5 })

it('takes an append of 4 MiB that arrives in several messages', async () => {
  const text = 'x'.repeat(1024 * 1024)
  const large = Array.from({ length: 4 }, (_, n) => jsonEvent({ type: 'Large', data: { n, text } }))
  await client.appendToStream('s', large, { expectedRevision: NO_STREAM })
  const read = []
  for await (const { event: e } of client.readStream<
    ReturnType<typeof jsonEvent<{ type: string; data: { n: number; text: string } }>>
  >('s')) {
    read.push([e?.data.n, e?.data.text.length])
  }
  expect(read).toEqual(large.map((_, n) => [n, text.length]))
})

it('refuses an append above its limit by name and stays usable', async () => {
  await using small = await createEmbeddedEventLog({
    databaseUrl: database.url,
    schema: 'small',
    maxAppendBytes: 1024,
  })
  const other = EventStoreDBClient.connectionString(small.connectionString)
  const huge = jsonEvent({ type: 'Huge', data: { text: 'x'.repeat(1024) } })
  await expect(other.appendToStream('s', huge)).rejects.toMatchObject({
    type: 'maximum-append-size-exceeded',
    maxAppendSize: 1024,
  })
  await other.appendToStream('s', event(1), { expectedRevision: NO_STREAM })
  await other.dispose()
})

it('answers a wrong expected revision with both revisions, also to appends with credentials', async () => {
  await client.appendToStream('s', events(3), { expectedRevision: NO_STREAM })
  const credentials = { username: 'u', password: 'p' }
  for (const options of [{}, { credentials }]) {
    await expect(
      client.appendToStream('s', event(9), { expectedRevision: 7n, ...options }),
    ).rejects.toMatchObject({
      type: 'wrong-expected-version',
      actualVersion: 2n,
      expectedVersion: 7n,
    })
  }
  const options = { expectedRevision: 2n, credentials }
  const appended = await client.appendToStream('s', event(3), options)
  expect(appended).toMatchObject({
    success: true,
    nextExpectedRevision: 3n,
    position: { commit: 4n },
  })
  await expect(
    client.appendToStream('missing', event(1), { expectedRevision: STREAM_EXISTS }),
  ).rejects.toMatchObject({ actualVersion: 'no_stream' })
})

it('reads the whole log in commit order, both ways', async () => {
  await client.appendToStream('a', [event(0), event(1, 'Other')], { expectedRevision: NO_STREAM })
  await client.appendToStream('b', event(2), { expectedRevision: NO_STREAM })
  const read = async (options: Parameters<typeof client.readAll>[0]) => {
    const found = []
    for await (const { event: e } of client.readAll(options)) found.push(e?.position.commit)
    return found
  }
  expect(await read({})).toEqual([1n, 2n, 3n])
  expect(await read({ direction: BACKWARDS, fromPosition: END, maxCount: 2 })).toEqual([3n, 2n])
  expect(await read({ fromPosition: { commit: 2n, prepare: 2n } })).toEqual([2n, 3n])
})

it('hides a deleted stream, lets it be written again, and never a tombstoned one', async () => {
  await client.appendToStream('s', events(3), { expectedRevision: NO_STREAM })
  await expect(client.deleteStream('s', { expectedRevision: 0n })).rejects.toMatchObject({
    type: 'wrong-expected-version',
  })
  await client.deleteStream('s', { expectedRevision: 2n })
  const read = async () => {
    const found = []
    for await (const { event: e } of client.readStream('s')) found.push(e?.revision)
    return found
  }
  await expect(read()).rejects.toMatchObject({ type: 'stream-not-found' })
  await client.appendToStream('s', event(3), { expectedRevision: NO_STREAM })
  expect(await read()).toEqual([3n])

  await client.tombstoneStream('s')
  await expect(read()).rejects.toMatchObject({ type: 'stream-deleted' })
  await expect(
    client.appendToStream('s', event(4), { expectedRevision: ANY }),
  ).rejects.toMatchObject({ type: 'stream-deleted' })
})

it('keeps the metadata of a stream', async () => {
  await client.setStreamMetadata('s', { maxCount: 5, owner: 'me' })
  expect((await client.getStreamMetadata('s')).metadata).toEqual({ maxCount: 5, owner: 'me' })
})

it('shares a stream among the consumers of a group, retries, skips and parks', async () => {
  await client.appendToStream('s', events(12), { expectedRevision: NO_STREAM })
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START })
  await client.createPersistentSubscriptionToStream('s', 'g', settings)
  await expect(
    client.createPersistentSubscriptionToStream('s', 'g', settings),
  ).rejects.toMatchObject({ type: 'persistent-subscription-exists' })

  const seen: [consumer: number, n: number, retry: number][] = []
  const consumers = [0, 1].map((index) => {
    const consumer = client.subscribeToPersistentSubscriptionToStream('s', 'g', { bufferSize: 2 })
    const handle = async (resolved: PersistentSubscriptionToStreamResolvedEvent) => {
      const { n } = (resolved.event as unknown as { data: { n: number } }).data
      seen.push([index, n, resolved.retryCount])
      if (n === 3 && resolved.retryCount === 0) await consumer.nack('retry', 'again', resolved)
      else if (n === 5) await consumer.nack('park', 'poison', resolved)
      else if (n === 6) await consumer.nack('skip', 'unwanted', resolved)
      else await consumer.ack(resolved)
    }
    consumer.on('data', (resolved) => void handle(resolved))
    return consumer
  })
  await eventually(() => seen.length).toBe(13)
  expect(new Set(seen.map(([index]) => index))).toEqual(new Set([0, 1]))
  expect(seen.filter(([, n]) => n === 3).map(([, , retry]) => retry)).toEqual([0, 1])
  expect(new Set(seen.map(([, n]) => n)).size).toBe(12)

  const parked = async () =>
    (await client.getPersistentSubscriptionToStreamInfo('s', 'g')).stats.parkedMessageCount
  expect(await parked()).toBe(1n)
  await client.replayParkedMessagesToStream('s', 'g')
  await eventually(() => seen.filter(([, n]) => n === 5).length).toBe(2)
  for (const consumer of consumers) await consumer.unsubscribe()
})

it('parks an event that was retried too often', async () => {
  await client.appendToStream('s', events(2), { expectedRevision: NO_STREAM })
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({
    startFrom: START,
    maxRetryCount: 2,
  })
  await client.createPersistentSubscriptionToStream('s', 'g', settings)
  const retries: number[] = []
  const consumer = client.subscribeToPersistentSubscriptionToStream('s', 'g')
  consumer.on('data', (resolved) => {
    if (resolved.event?.revision === 0n) retries.push(resolved.retryCount)
    if (resolved.event?.revision === 0n) void consumer.nack('retry', 'fails', resolved)
    else void consumer.ack(resolved)
  })
  const info = () => client.getPersistentSubscriptionToStreamInfo('s', 'g')
  await eventually(async () => (await info()).stats.parkedMessageCount).toBe(1n)
  expect(retries).toEqual([0, 1, 2])
  await consumer.unsubscribe()
})

it('gives what a consumer left behind or held too long to another', async () => {
  await client.appendToStream('s', events(2), { expectedRevision: NO_STREAM })
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({
    startFrom: START,
    messageTimeout: 300,
  })
  await client.createPersistentSubscriptionToStream('s', 'g', settings)
  let held = 0
  const leaving = client.subscribeToPersistentSubscriptionToStream('s', 'g', { bufferSize: 1 })
  leaving.on('data', () => held++)
  await eventually(() => held).toBe(1)
  await leaving.unsubscribe()

  const retries: number[] = []
  const slow = client.subscribeToPersistentSubscriptionToStream('s', 'g')
  slow.on('data', (resolved) => {
    retries.push(resolved.retryCount)
    if (resolved.retryCount >= 2) void slow.ack(resolved)
  })
  await eventually(() => retries.filter((retry) => retry >= 2).length).toBe(2)
  await slow.unsubscribe()
})

it('continues a group of the whole log after a restart where its checkpoint stands', async () => {
  await client.appendToStream('s', events(6), { expectedRevision: NO_STREAM })
  const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START })
  await client.createPersistentSubscriptionToAll('g', settings, {
    filter: eventTypeFilter({ prefixes: ['Numbered'] }),
  })
  const first: number[] = []
  const before = client.subscribeToPersistentSubscriptionToAll('g')
  before.on('data', (resolved) => {
    const revision = Number(resolved.event?.revision)
    first.push(revision)
    if (revision !== 4) void before.ack(resolved)
  })
  await eventually(() => first.length).toBe(6)
  await eventually(async () => {
    const { stats } = await client.getPersistentSubscriptionToAllInfo('g')
    return stats.totalInFlightMessages
  }).toBe(1)
  await before.unsubscribe()
  await client.dispose()
  await server.close()
  await start()

  const second: number[] = []
  const after = client.subscribeToPersistentSubscriptionToAll('g')
  after.on('data', (resolved) => {
    second.push(Number(resolved.event?.revision))
    void after.ack(resolved)
  })
  await client.appendToStream('s', event(6), { expectedRevision: 5n })
  await eventually(() => second).toEqual([4, 5, 6])
  await after.unsubscribe()

  await client.deletePersistentSubscriptionToAll('g')
  await expect(client.getPersistentSubscriptionToAllInfo('g')).rejects.toMatchObject({
    type: 'persistent-subscription-does-not-exist',
  })
})
