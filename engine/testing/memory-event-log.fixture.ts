import type { EventLog, NewEvent, RecordedEvent } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'

/** Event log in memory with the append rules of the real one; `failAfter` makes it crash. */
export interface MemoryEventLog extends EventLog {
  readonly events: readonly RecordedEvent[]
  /** Lets this many more appends pass, then rejects every append. */
  failAfter(appends: number): void
}

export function memoryEventLog(): MemoryEventLog {
  const events: RecordedEvent[] = []
  let allowed = Number.POSITIVE_INFINITY
  const streamOf = (stream: string) => events.filter((event) => event.stream === stream)
  const write = (stream: string, fresh: readonly NewEvent[]) => {
    for (const event of fresh) {
      const plain = JSON.parse(JSON.stringify({ metadata: {}, ...event }))
      events.push({
        ...plain,
        stream,
        revision: BigInt(streamOf(stream).length),
        position: BigInt(events.length),
        created: new Date(0),
      })
    }
  }
  return {
    events,
    failAfter(appends) {
      allowed = appends
    },
    async append(stream, added, { expectedRevision }) {
      if (allowed <= 0) throw new BaseError('EVENT_LOG_UNAVAILABLE')
      allowed -= 1
      const held = streamOf(stream)
      const known = new Set(held.map(({ id }) => id))
      if (!added.every(({ id }) => known.has(id))) {
        const actual = held.length === 0 ? 'none' : BigInt(held.length - 1)
        if (expectedRevision !== 'any' && expectedRevision !== actual) {
          throw new BaseError('EVENT_LOG_CONFLICT', { facts: { expectedRevision, actual } })
        }
        write(stream, added)
      }
      return { revision: BigInt(streamOf(stream).length - 1) }
    },
    async *read(stream) {
      yield* streamOf(stream)
    },
    readLast: async (stream) => streamOf(stream).at(-1),
    subscribe() {
      throw new BaseError('INTERNAL')
    },
    async close() {},
    async [Symbol.asyncDispose]() {},
  }
}
