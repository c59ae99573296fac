import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventLogTarget, eventLogTargets } from '../test/support/event-log-targets.ts'
import { createEventLog } from './client/create-event-log.ts'
import type { EventLog, NewEvent, RecordedEvent } from './client/event-log.ts'

const event = (n: number, type = 'Numbered', data: object = {}): NewEvent => ({
  id: randomUUID(),
  type,
  data: { n, ...data },
  metadata: { block: n },
})
const events = (count: number, type?: string) =>
  Array.from({ length: count }, (_, n) => event(n, type))
const streamName = () => `contract-${randomUUID()}`
const collect = async (source: AsyncIterable<RecordedEvent>) => {
  const all: RecordedEvent[] = []
  for await (const recorded of source) all.push(recorded)
  return all
}
const numbers = (recorded: readonly RecordedEvent[]) => recorded.map(({ data }) => data['n'])

for (const { name, start, skip } of eventLogTargets) {
  describe.skipIf(skip)(name, () => {
    let server: EventLogTarget
    let log: EventLog

    beforeAll(async () => {
      server = await start()
      log = createEventLog({ connectionString: server.connectionString })
    })
    afterAll(async () => {
      await log?.close()
      await server?.close()
    })

    it('appends to a new stream and answers with the last revision', async () => {
      const appended = await log.append(streamName(), events(10), { expectedRevision: 'none' })
      expect(appended).toEqual({ revision: 9n })
    })

    it('answers a repeated append with the old revision and writes nothing', async () => {
      const stream = streamName()
      const first = events(3)
      const second = events(2)
      await log.append(stream, first, { expectedRevision: 'none' })
      await log.append(stream, second, { expectedRevision: 2n })

      expect(await log.append(stream, first, { expectedRevision: 'none' })).toEqual({
        revision: 2n,
      })
      expect(await log.append(stream, second, { expectedRevision: 2n })).toEqual({ revision: 4n })
      expect(await log.append(stream, second, { expectedRevision: 'any' })).toEqual({
        revision: 4n,
      })
      expect(await collect(log.read(stream))).toHaveLength(5)
    })

    it('writes known ids again when the expected revision is the current one', async () => {
      const stream = streamName()
      const block = events(2)
      await log.append(stream, block, { expectedRevision: 'none' })
      expect(await log.append(stream, block, { expectedRevision: 1n })).toEqual({ revision: 3n })
      expect(numbers(await collect(log.read(stream)))).toEqual([0, 1, 0, 1])
    })

    it('refuses an append that expects another revision and names both', async () => {
      const stream = streamName()
      await log.append(stream, events(3), { expectedRevision: 'none' })
      const cases = [
        ['none', 'none'],
        [0n, '0'],
        [7n, '7'],
      ] as const
      for (const [expectedRevision, expected] of cases) {
        await expect(log.append(stream, [event(9)], { expectedRevision })).rejects.toMatchObject({
          code: 'EVENT_LOG_CONFLICT',
          facts: { stream, expected, actual: '2' },
        })
      }
      await expect(
        log.append(streamName(), [event(1)], { expectedRevision: 0n }),
      ).rejects.toMatchObject({ facts: { expected: '0', actual: 'none' } })
    })

    it('refuses a partial repeat', async () => {
      const stream = streamName()
      const known = events(2)
      await log.append(stream, known, { expectedRevision: 'none' })
      const mixed = [known[0]!, event(5)]
      await expect(log.append(stream, mixed, { expectedRevision: 'none' })).rejects.toMatchObject({
        code: 'EVENT_LOG_CONFLICT',
      })
    })

    it('refuses an event without a UUID before it is sent', async () => {
      const bad = { ...event(1), id: 'not-a-uuid' }
      await expect(
        log.append(streamName(), [bad], { expectedRevision: 'any' }),
      ).rejects.toMatchObject({ code: 'EVENT_LOG_EVENT_INVALID', facts: { field: 'events[0].id' } })
    })

    it('reads a stream from both ends, from a revision and up to a limit', async () => {
      const stream = streamName()
      await log.append(stream, events(10), { expectedRevision: 'none' })
      const read = async (options: Parameters<EventLog['read']>[1]) =>
        numbers(await collect(log.read(stream, options)))

      expect(await read({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      expect(await read({ from: 7n })).toEqual([7, 8, 9])
      expect(await read({ from: 2n, limit: 2 })).toEqual([2, 3])
      expect(await read({ direction: 'backwards', limit: 3 })).toEqual([9, 8, 7])
      expect(await read({ direction: 'backwards', from: 1n })).toEqual([1, 0])
    })

    it('returns an event as it was appended, with bigint places and its time', async () => {
      const stream = streamName()
      const sent = event(1, 'Ünïcode', {
        text: 'λ "quoted" \\ \u2028',
        big: '115792089237316195423',
      })
      await log.append(stream, [sent], { expectedRevision: 'none' })
      const last = await log.readLast(stream)
      expect(last).toMatchObject({ ...sent, stream, revision: 0n, position: expect.any(BigInt) })
      expect(Math.abs(Date.now() - last!.created.getTime())).toBeLessThan(60_000)
    })

    it('closes at once although a read was left in the middle', async () => {
      const stream = streamName()
      const other = createEventLog({
        connectionString: server.connectionString,
        deadlineMs: 30_000,
      })
      await other.append(stream, events(2_000), { expectedRevision: 'none' })
      for await (const { revision } of other.read(stream)) if (revision === 700n) break
      const begun = performance.now()
      await other.close()
      expect(performance.now() - begun).toBeLessThan(2_000)
    })

    it('finds nothing in a stream that does not exist', async () => {
      const stream = streamName()
      expect(await collect(log.read(stream))).toEqual([])
      expect(await log.readLast(stream)).toBeUndefined()
    })

    it('lets one of many concurrent writers of a revision win', async () => {
      const stream = streamName()
      const attempts = Array.from({ length: 20 }, () =>
        log.append(stream, events(2), { expectedRevision: 'none' }).then(
          () => 'written',
          (error) => error.code,
        ),
      )
      const outcomes = await Promise.all(attempts)
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'EVENT_LOG_CONFLICT')).toHaveLength(19)
      expect(await collect(log.read(stream))).toHaveLength(2)
    })

    it('keeps the order of appends that are sent without waiting', async () => {
      const stream = streamName()
      const sent = Array.from({ length: 50 }, (_, n) =>
        log.append(stream, [event(n)], { expectedRevision: n === 0 ? 'none' : BigInt(n - 1) }),
      )
      await Promise.all(sent)
      expect(numbers(await collect(log.read(stream)))).toEqual(sent.map((_, n) => n))
    })

    it('follows a stream from a revision and says when it has caught up', async () => {
      const stream = streamName()
      await log.append(stream, events(5), { expectedRevision: 'none' })
      const got: RecordedEvent[] = []
      const caughtUpAt: number[] = []
      await using _ = log.subscribe({
        source: { stream },
        from: 1n,
        onEvents: (batch) => void got.push(...batch),
        onCaughtUp: () => void caughtUpAt.push(got.length),
      })
      await eventually(() => caughtUpAt).toEqual([3])
      await log.append(stream, [event(5)], { expectedRevision: 4n })
      await eventually(() => numbers(got)).toEqual([2, 3, 4, 5])
    })

    it('follows a filtered log, with checkpoints where nothing matches', async () => {
      const prefix = streamName()
      const got: RecordedEvent[] = []
      const checkpoints: bigint[] = []
      let caughtUp = 0
      await log.append(`${prefix}-a`, events(3), { expectedRevision: 'none' })
      await using _ = log.subscribe({
        source: 'all',
        filter: { by: 'stream', prefixes: [prefix] },
        onEvents: (batch) => void got.push(...batch),
        onCheckpoint: (position) => void checkpoints.push(position),
        onCaughtUp: () => void caughtUp++,
      })
      await eventually(() => caughtUp).toBeGreaterThan(0)
      const before = checkpoints.at(-1) ?? 0n
      await log.append(streamName(), events(200), { expectedRevision: 'none' })
      await log.append(`${prefix}-b`, events(2), { expectedRevision: 'none' })
      await eventually(() => numbers(got)).toEqual([0, 1, 2, 0, 1])
      expect(checkpoints.at(-1)).toBeGreaterThan(before)
      expect(got.map((e) => e.position)).toEqual(got.map((e) => e.position).toSorted(ascending))
    })

    it('follows the log by event type with an expression', async () => {
      const type = `T${randomUUID()}`
      const got: RecordedEvent[] = []
      await using _ = log.subscribe({
        source: 'all',
        from: 'end',
        filter: { by: 'type', regex: `^${type}(One|Two)$` },
        onEvents: (batch) => void got.push(...batch),
      })
      const stream = streamName()
      // From the end: nothing tells when the subscription stands, so append until one arrives.
      await eventually(async () => {
        await log.append(stream, [event(1, `${type}One`), event(2, `${type}Three`)], {
          expectedRevision: 'any',
        })
        return got.length
      }).toBeGreaterThan(0)
      expect(new Set(got.map((e) => e.type))).toEqual(new Set([`${type}One`]))
    })

    it('waits for a slow handler and hands over at most 500 events at a time', async () => {
      const stream = streamName()
      await log.append(stream, events(1_200), { expectedRevision: 'none' })
      let running = 0
      let overlapped = false
      const sizes: number[] = []
      await using _ = log.subscribe({
        source: { stream },
        onEvents: async (batch) => {
          overlapped ||= running++ > 0
          sizes.push(batch.length)
          await new Promise((resolve) => setTimeout(resolve, 20))
          running--
        },
      })
      await eventually(() => sizes.reduce((a, b) => a + b, 0)).toBe(1_200)
      expect(overlapped).toBe(false)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
    })

    it('ends a subscription whose handler fails, with that failure', async () => {
      const stream = streamName()
      await log.append(stream, events(1), { expectedRevision: 'none' })
      const subscription = log.subscribe({
        source: { stream },
        onEvents: () => Promise.reject(new RangeError('handler')),
      })
      await expect(subscription.done).rejects.toThrow(RangeError)
    })

    it('does for any sequence of appends what a list per stream would do', async () => {
      const step = fc.record({
        stream: fc.constantFrom('a', 'b'),
        count: fc.integer({ min: 1, max: 4 }),
        expected: fc.constantFrom('right', 'any', 'none', 'behind', 'ahead', 'repeat'),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const run = streamName()
          const model = new Map<string, NewEvent[]>([
            ['a', []],
            ['b', []],
          ])
          const history = new Map<string, { added: NewEvent[]; at: bigint | 'none' }>()
          for (const { stream, count, expected } of steps) {
            const list = model.get(stream)!
            const head = list.length === 0 ? 'none' : BigInt(list.length - 1)
            const previous = history.get(stream)
            const repeat = expected === 'repeat' && previous !== undefined
            const added = repeat ? previous.added : events(count)
            const at = repeat
              ? previous.at
              : expected === 'any'
                ? 'any'
                : expected === 'none'
                  ? 'none'
                  : expected === 'behind'
                    ? head === 'none' || head === 0n
                      ? 'none'
                      : head - 1n
                    : expected === 'ahead'
                      ? BigInt(list.length)
                      : head
            const fits = at === 'any' || at === head
            const appended = log.append(`${run}-${stream}`, added, { expectedRevision: at })
            if (repeat) {
              const end = (previous.at === 'none' ? -1n : previous.at) + BigInt(added.length)
              expect(await appended).toEqual({ revision: end })
            } else if (fits) {
              list.push(...added)
              history.set(stream, { added, at: head })
              expect(await appended).toEqual({ revision: BigInt(list.length - 1) })
            } else {
              await expect(appended).rejects.toMatchObject({ code: 'EVENT_LOG_CONFLICT' })
            }
          }
          for (const [stream, list] of model) {
            const read = await collect(log.read(`${run}-${stream}`))
            expect(read.map((e) => e.id)).toEqual(list.map((e) => e.id))
            expect(read.map((e) => e.revision)).toEqual(list.map((_, n) => BigInt(n)))
          }
        }),
        { numRuns: 25, seed: 20_26 },
      )
    })
  })
}

/** The machine that runs the tests may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 5 })

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
