import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { createEventLog } from './client/create-event-log.ts'
import type { EventLog, RecordedEvent } from './client/event-log.ts'
import type { Upcasters } from './client/upcast-event.ts'
import {
  createEmbeddedEventLog,
  type EmbeddedEventLog,
} from './embedded/create-embedded-event-log.ts'

/** Invented: version 1 had one `price`, version 2 a list, version 3 is called differently. */
const upcasters: Upcasters = {
  PriceSet: [
    (event) => ({ ...event, data: { prices: [event.data['price']] } }),
    (event) => ({ ...event, type: 'PricesSet', data: { ...event.data, currency: 'PRV' } }),
  ],
}

let database: TestDatabase
let server: EmbeddedEventLog
let log: EventLog

beforeAll(async () => {
  database = await createTestDatabase()
  server = await createEmbeddedEventLog({ databaseUrl: database.url })
  log = createEventLog({ connectionString: server.connectionString, upcasters })
})

afterAll(async () => {
  await log.close()
  await server.close()
  await database.drop()
})

const event = (data: object, schemaVersion?: unknown) => ({
  id: randomUUID(),
  type: 'PriceSet',
  data: { ...data },
  metadata: { chainId: 1, ...(schemaVersion === undefined ? {} : { schemaVersion }) },
})

const append = (stream: string, ...events: ReturnType<typeof event>[]) =>
  log.append(stream, events, { expectedRevision: 'none' })

test('events of every version are read and followed as those of today', async () => {
  await append('prices', event({ price: 4 }), event({ prices: [5, 6] }, 2))
  const today = (prices: number[]) => ({
    ...{ type: 'PricesSet', data: { prices, currency: 'PRV' }, metadata: { chainId: 1 } },
  })
  const read: RecordedEvent[] = []
  for await (const found of log.read('prices')) read.push(found)
  expect(read).toMatchObject([today([4]), today([5, 6])])
  for (const { metadata } of read) expect(metadata).toEqual({ chainId: 1 })
  const followed: RecordedEvent[] = []
  const subscription = log.subscribe({
    source: { stream: 'prices' },
    onEvents: (batch) => {
      followed.push(...batch)
    },
    onCaughtUp: () => {
      void subscription.close()
    },
  })
  await subscription.done
  expect(followed.map(({ data }) => data)).toEqual(read.map(({ data }) => data))
  expect((await log.readLast('prices'))?.type).toBe('PricesSet')
})

test.each([
  [4, 'EVENT_VERSION_UNKNOWN'],
  ['2', 'EVENT_LOG_CORRUPT'],
  [0, 'EVENT_LOG_CORRUPT'],
])('version %s is %s, also for a subscription', async (version, code) => {
  const stream = `strange-${version}-${typeof version}`
  await append(stream, event({}, version))
  await expect(log.readLast(stream)).rejects.toMatchObject({ code })
  const { done } = log.subscribe({ source: { stream }, onEvents: () => undefined })
  await expect(done).rejects.toMatchObject({ code })
})

test('a subscription from the end of a stream gets what is appended after it', async () => {
  await append('tail', event({ price: 1 }))
  const { revision } = (await log.readLast('tail'))!
  const got: RecordedEvent[] = []
  const subscription = log.subscribe({
    source: { stream: 'tail' },
    from: 'end',
    onEvents: (batch) => {
      got.push(...batch)
    },
    onCaughtUp: async () => {
      if (got.length > 0) return
      await log.append('tail', [event({ price: 2 })], { expectedRevision: revision })
    },
  })
  await expect.poll(() => got.map(({ data }) => data['prices'])).toEqual([[2]])
  await subscription.close()
})
