import type {
  EventLog,
  EventPayload,
  NewEvent,
  RecordedEvent,
} from '../../eventlog/client/event-log.ts'
import type { EngineEvent } from '../../schema/events/attribution.ts'

/** An engine event with its deterministic id. */
export type IdentifiedEvent = EngineEvent & { readonly id: string }

/** One stream that this engine writes alone; another writer makes `append` fail. */
export interface EngineStream {
  /** What the stream held when it was opened. */
  readonly recorded: readonly RecordedEvent[]
  /** Appends the events whose ids the stream does not hold yet. */
  append(events: readonly IdentifiedEvent[]): Promise<void>
}

/**
 * Opens a stream to continue it where it ended.
 *
 * @throws from `append` EVENT_LOG_CONFLICT if another engine wrote meanwhile.
 */
export async function openEngineStream(eventLog: EventLog, stream: string): Promise<EngineStream> {
  const recorded: RecordedEvent[] = []
  for await (const event of eventLog.read(stream)) recorded.push(event)
  const known = new Set(recorded.map((event) => event.id))
  let revision = recorded.at(-1)?.revision
  return {
    recorded,
    async append(events) {
      const fresh = events.filter((event) => !known.has(event.id))
      for (const part of cutAppends(fresh.map(toNewEvent))) {
        const result = await eventLog.append(stream, part, { expectedRevision: revision ?? 'none' })
        revision = result.revision
        for (const event of part) known.add(event.id)
      }
    },
  }
}

const toNewEvent = ({ id, type, data, metadata }: IdentifiedEvent): NewEvent => ({
  id,
  type,
  data: data as unknown as EventPayload,
  metadata: { ...metadata },
})

/** EventStoreDB takes 1 MiB per append. */
const appendBytes = 500_000

function cutAppends(events: readonly NewEvent[]): readonly (readonly NewEvent[])[] {
  const appends: NewEvent[][] = []
  let bytes = appendBytes
  for (const event of events) {
    if (bytes >= appendBytes) {
      appends.push([])
      bytes = 0
    }
    appends.at(-1)!.push(event)
    bytes += JSON.stringify(event).length
  }
  return appends
}
