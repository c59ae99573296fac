import { BaseError } from '../../schema/errors.ts'
import type { WireEvent } from './decode-read-response.ts'
import type { EventPayload, RecordedEvent } from './event-log.ts'
import { type Upcasters, upcastEvent } from './upcast-event.ts'

/**
 * Parses the payloads of an event and brings it to the newest version of its type.
 *
 * @throws EVENT_LOG_CORRUPT a payload is not a JSON object
 * @throws EVENT_VERSION_UNKNOWN a newer program wrote it
 */
export function decodeWireEvent(event: WireEvent, upcasters: Upcasters): RecordedEvent {
  const { id, type, stream, revision, position } = event
  const data = event.contentType === 'application/json' ? parsePayload(event.data) : undefined
  const metadata = event.metadata === '' ? {} : parsePayload(event.metadata)
  if (data === undefined || metadata === undefined) {
    const field = data === undefined ? 'data' : 'metadata'
    throw new BaseError('EVENT_LOG_CORRUPT', { facts: { stream, revision, field } })
  }
  // .NET ticks are a tenth of a microsecond.
  const created = new Date(Number(event.created.slice(0, -4)))
  const recorded = { id, type, data, metadata, stream, revision, position, created }
  return upcastEvent(recorded, upcasters)
}

function parsePayload(text: string): EventPayload | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as EventPayload)
      : undefined
  } catch {
    return undefined
  }
}
