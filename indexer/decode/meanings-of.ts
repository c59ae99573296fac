import type { EventShapes } from '../../schema/events/event-shape.ts'
import type { EventDecoder } from './event-decoders.ts'
import type { FactBody } from './fact-body.ts'
import type { Meaning } from './log-decoder.ts'
import { readFields } from './read-fields.ts'

/**
 * Gives every event type of a table of shapes its log.
 *
 * @param names domain types whose contract event is called differently; the domain has one name per
 *   meaning, while contracts repeat names such as `PausedSet`.
 * @throws TypeError when the contract has no such event.
 */
export function meaningsOf(
  decoders: Readonly<Record<string, EventDecoder<unknown>>>,
  shapes: EventShapes,
  names: Readonly<Record<string, string>> = {},
): readonly Meaning[] {
  return Object.entries(shapes).map(([type, shape]) => {
    const decoder = decoders[names[type] ?? type]
    if (decoder === undefined) throw new TypeError(`no contract event for ${type}`)
    return {
      topic: decoder.topic,
      read: (log) => [
        {
          type,
          data: readFields(shape, decoder.decode(log) as Record<string, unknown>),
        } as FactBody,
      ],
    }
  })
}
