import { BaseError } from '../../schema/errors.ts'
import type { RecordedEvent } from './event-log.ts'

/** Makes an event of the next version from one of the version before; pure, and it may rename. */
export type Upcaster = (event: RecordedEvent) => RecordedEvent

/**
 * Upcasters by event type: the first makes version 2 from version 1, the next version 3, and so on.
 *
 * An event says its version in `metadata.schemaVersion`; without one it is of version 1.
 */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>

/** No event has changed its form yet. */
export const knownUpcasters: Upcasters = {}

/**
 * Brings an event that was read to the newest version, the only one that consumers know.
 *
 * The version is taken off: an event that was upcast equals one that was written today.
 *
 * @throws `EVENT_VERSION_UNKNOWN` a newer program wrote it
 * @throws `EVENT_LOG_CORRUPT` its version is no positive integer
 */
export function upcastEvent(event: RecordedEvent, upcasters: Upcasters): RecordedEvent {
  const steps = Object.hasOwn(upcasters, event.type) ? (upcasters[event.type] ?? []) : []
  const { schemaVersion: version = 1, ...metadata } = event.metadata
  const { stream, revision, type } = event
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    throw new BaseError('EVENT_LOG_CORRUPT', {
      facts: { stream, revision, field: 'metadata.schemaVersion' },
    })
  if (version > steps.length + 1)
    throw new BaseError('EVENT_VERSION_UNKNOWN', {
      facts: { stream, revision, type, version, newest: steps.length + 1 },
    })
  if (version === 1 && steps.length === 0 && !('schemaVersion' in event.metadata)) return event
  return steps
    .slice(version - 1)
    .reduce<RecordedEvent>((old, upcast) => upcast(old), { ...event, metadata })
}
