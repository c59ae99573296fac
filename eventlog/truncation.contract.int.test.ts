import { randomUUID } from 'node:crypto'
import {
  ANY,
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  STREAM_EXISTS,
  streamNameFilter,
} from '@eventstore/db-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventLogTarget, eventLogTargets } from '../test/support/event-log-targets.ts'
import { createEventLog } from './client/create-event-log.ts'
import type { RecordedEvent } from './client/event-log.ts'
import { scavenge } from './client/scavenge.ts'

const event = (n: number) => jsonEvent({ id: randomUUID(), type: 'Numbered', data: { n } })
const events = (count: number, from = 0) => Array.from({ length: count }, (_, n) => event(from + n))
const streamName = () => `truncated-${randomUUID()}`
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 5 })

for (const { name, start, skip } of eventLogTargets) {
  describe.skipIf(skip)(name, () => {
    let server: EventLogTarget
    let client: EventStoreDBClient

    beforeAll(async () => {
      server = await start()
      client = EventStoreDBClient.connectionString(server.connectionString)
    })
    afterAll(async () => {
      await client?.dispose()
      await server?.close()
    })

    const read = async (stream: string, options: Parameters<typeof client.readStream>[1] = {}) => {
      const found: number[] = []
      for await (const resolved of client.readStream(stream, options)) {
        found.push(Number(resolved.event?.revision))
      }
      return found
    }
    /** What the whole log still has of one stream, its metadata stream included. */
    const inAll = async (stream: string) => {
      const found: string[] = []
      const subscription = client.subscribeToAll({
        filter: streamNameFilter({ prefixes: [stream, `$$${stream}`] }),
      })
      await new Promise<void>((resolve, reject) => {
        subscription.on('data', ({ event: e }) => {
          if (e === undefined) return
          found.push(e.type === 'Numbered' ? String(e.revision) : e.type)
        })
        subscription.on('caughtUp', () => resolve())
        subscription.on('error', reject)
      })
      await subscription.unsubscribe()
      return found
    }

    it('shows as many of the last events as $maxCount says, from wherever it is read', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(10), { expectedRevision: NO_STREAM })
      await client.setStreamMetadata(stream, { maxCount: 4 })

      expect(await read(stream)).toEqual([6, 7, 8, 9])
      expect(await read(stream, { fromRevision: 2n })).toEqual([6, 7, 8, 9])
      expect(await read(stream, { fromRevision: 8n })).toEqual([8, 9])
      expect(await read(stream, { maxCount: 2 })).toEqual([6, 7])
      const backwards = { direction: BACKWARDS, fromRevision: END } as const
      expect(await read(stream, backwards)).toEqual([9, 8, 7, 6])
      expect(await read(stream, { direction: BACKWARDS, fromRevision: 3n })).toEqual([])

      await client.appendToStream(stream, event(10), { expectedRevision: 9n })
      expect(await read(stream)).toEqual([7, 8, 9, 10])
    })

    it('begins at $tb, and stands without events when that is behind the last one', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(5), { expectedRevision: NO_STREAM })
      await client.setStreamMetadata(stream, { truncateBefore: 3 })
      expect(await read(stream)).toEqual([3, 4])
      expect(await read(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([4, 3])

      await client.setStreamMetadata(stream, { truncateBefore: 5 })
      expect(await read(stream)).toEqual([])
      await client.appendToStream(stream, event(5), { expectedRevision: 4n })
      expect(await read(stream)).toEqual([5])
    })

    it('hides events that are older than $maxAge when they are read', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(3), { expectedRevision: NO_STREAM })
      await client.setStreamMetadata(stream, { maxAge: 2 })
      expect(await read(stream)).toEqual([0, 1, 2])
      await new Promise((resolve) => setTimeout(resolve, 2_200))
      expect(await read(stream)).toEqual([])
      await client.appendToStream(stream, event(3), { expectedRevision: 2n })
      expect(await read(stream)).toEqual([3])
    })

    it('shows hidden events in the whole log, and in the stream when they are no longer hidden', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(4), { expectedRevision: NO_STREAM })
      await client.setStreamMetadata(stream, { truncateBefore: 3, maxCount: 2 })
      expect(await read(stream)).toEqual([3])
      expect(await inAll(stream)).toEqual(['0', '1', '2', '3', '$metadata'])
      await client.setStreamMetadata(stream, { owner: 'me' })
      expect(await read(stream)).toEqual([0, 1, 2, 3])
    })

    it('shows the newest metadata only', async () => {
      const stream = streamName()
      for (const maxCount of [7, 8, 9]) await client.setStreamMetadata(stream, { maxCount })
      expect(await read(`$$${stream}`)).toEqual([2])
      expect((await client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 9 })
    })

    it('takes $tb of the largest number for a delete, and goes on behind the last event', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(3), { expectedRevision: NO_STREAM })
      await client.setStreamMetadata(stream, { maxCount: 100, owner: 'me' })
      await client.deleteStream(stream, { expectedRevision: 2n })
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-not-found' })
      await expect(
        client.appendToStream(stream, event(3), { expectedRevision: STREAM_EXISTS }),
      ).rejects.toMatchObject({ type: 'wrong-expected-version' })
      await expect(
        client.appendToStream(stream, event(3), { expectedRevision: 1n }),
      ).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n })

      const appended = await client.appendToStream(stream, event(3), {
        expectedRevision: NO_STREAM,
      })
      expect(appended.nextExpectedRevision).toBe(3n)
      expect(await read(stream)).toEqual([3])
      expect((await client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 3 })

      await client.deleteStream(stream, { expectedRevision: 3n })
      await client.appendToStream(stream, event(4), { expectedRevision: 3n })
      expect(await read(stream)).toEqual([4])
    })

    it('cannot delete a stream that never was', async () => {
      await expect(
        client.deleteStream(streamName(), { expectedRevision: ANY }),
      ).rejects.toMatchObject({ type: 'wrong-expected-version' })
    })

    it('refuses appends under "any" of which only the first events are known', async () => {
      const stream = streamName()
      const [known, fresh] = events(2)
      await client.appendToStream(stream, known!, { expectedRevision: NO_STREAM })
      await expect(
        client.appendToStream(stream, [known!, fresh!], { expectedRevision: ANY }),
      ).rejects.toMatchObject({ type: 'wrong-expected-version' })
    })

    it('follows a truncated stream from its first readable event', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(6), { expectedRevision: NO_STREAM })
      await client.setStreamMetadata(stream, { maxCount: 2 })
      await using log = createEventLog({ connectionString: server.connectionString })
      const got: RecordedEvent[] = []
      await using _ = log.subscribe({
        source: { stream },
        onEvents: (batch) => void got.push(...batch),
      })
      await eventually(() => got.map(({ revision }) => revision)).toEqual([4n, 5n])
      await log.append(stream, [{ id: randomUUID(), type: 'Numbered', data: {} }], {
        expectedRevision: 5n,
      })
      await eventually(() => got.map(({ revision }) => revision)).toEqual([4n, 5n, 6n])
    })

    it('removes hidden events for good by a scavenge, and every reader passes the gap', async () => {
      const [kept, short, gone] = [streamName(), streamName(), streamName()]
      for (const stream of [kept, short, gone]) {
        await client.appendToStream(stream, events(5), { expectedRevision: NO_STREAM })
      }
      await client.setStreamMetadata(short, { maxCount: 2 })
      await client.tombstoneStream(gone)
      expect(await inAll(gone)).toEqual(['0', '1', '2', '3', '4', '$streamDeleted'])
      const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START })
      await client.createPersistentSubscriptionToStream(short, 'g', settings)

      const { connectionString } = server
      expect(await scavenge({ connectionString })).toMatchObject({ result: 'Success' })
      expect(await inAll(kept)).toEqual(['0', '1', '2', '3', '4'])
      expect(await inAll(short)).toEqual(['3', '4', '$metadata'])
      expect(await inAll(gone)).toEqual(['$streamDeleted'])

      await client.setStreamMetadata(short, {})
      expect(await read(short)).toEqual([3, 4])
      const appended = await client.appendToStream(short, event(5), { expectedRevision: 4n })
      expect(appended.nextExpectedRevision).toBe(5n)

      const delivered: number[] = []
      const consumer = client.subscribeToPersistentSubscriptionToStream(short, 'g')
      consumer.on('data', (resolved) => {
        delivered.push(Number(resolved.event?.revision))
        void consumer.ack(resolved)
      })
      await eventually(() => delivered.length).toBe(3)
      expect(delivered.toSorted()).toEqual([3, 4, 5])
      await consumer.unsubscribe()
    })

    it('leaves the last event of a deleted stream, so that its revisions go on', async () => {
      const stream = streamName()
      await client.appendToStream(stream, events(3), { expectedRevision: NO_STREAM })
      await client.deleteStream(stream)
      await scavenge({ connectionString: server.connectionString })
      expect((await inAll(stream)).filter((one) => one !== '$metadata')).toEqual(['2'])
      const appended = await client.appendToStream(stream, event(3), { expectedRevision: ANY })
      expect(appended.nextExpectedRevision).toBe(3n)
      expect(await read(stream)).toEqual([3])
    })
  })
}
