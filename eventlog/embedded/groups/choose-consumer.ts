import type { StoredEvent } from '../stored-event.ts'
import type { GroupSettings } from './group-settings.ts'

interface Loaded {
  readonly bufferSize: number
  readonly inFlight: number
}

/**
 * Chooses a consumer with room for an event, or none.
 *
 * `Pinned` keeps the events of a stream on one consumer while it has room; like EventStoreDB's it
 * is a preference, not a promise of order.
 */
export function chooseConsumer<T extends Loaded>(
  strategy: GroupSettings['strategy'],
  consumers: readonly T[],
  event: StoredEvent,
  turn: number,
): T | undefined {
  const start =
    strategy === 'DispatchToSingle' ? 0 : strategy === 'RoundRobin' ? turn : hash(event.stream)
  for (let i = 0; i < consumers.length; i++) {
    const consumer = consumers[(start + i) % consumers.length]!
    if (consumer.inFlight < consumer.bufferSize) return consumer
  }
  return undefined
}

function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) >>> 0
  return value
}
