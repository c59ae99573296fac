import type { ResolvedEvent } from '@eventstore/db-client'
import { BaseError } from '../../schema/errors.ts'
import type { EventPayload, RecordedEvent } from './event-log.ts'
import { type Upcasters, upcastEvent } from './upcast-event.ts'

/**
 * Checks an event that arrived from the log and brings it to the newest version of its type.
 *
 * @throws EVENT_LOG_CORRUPT the payload is not a JSON object
 * @throws EVENT_VERSION_UNKNOWN a newer program wrote it
 */
export function decodeEvent(
  { event }: ResolvedEvent,
  upcasters: Upcasters,
): RecordedEvent | undefined {
  // A link whose target was deleted resolves to nothing.
  if (event === undefined) return undefined
  const facts = { stream: event.streamId, revision: event.revision }
  if (!event.isJson || !isPayload(event.data)) {
    throw new BaseError('EVENT_LOG_CORRUPT', { facts: { ...facts, field: 'data' } })
  }
  const metadata: unknown = event.metadata ?? {}
  if (!isPayload(metadata)) {
    throw new BaseError('EVENT_LOG_CORRUPT', { facts: { ...facts, field: 'metadata' } })
  }
  const recorded: RecordedEvent = {
    id: event.id,
    type: event.type,
    data: event.data,
    metadata,
    stream: event.streamId,
    revision: event.revision,
    position: event.position?.commit ?? 0n,
    created: event.created,
  }
  return upcastEvent(recorded, upcasters)
}

const isPayload = (value: unknown): value is EventPayload =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array)
