import type { StoredEvent } from './stored-event.ts'

const MAX_EVENTS = 8_192
const MAX_BYTES = 32 * 1024 * 1024

/** The newest events in memory, so that live subscriptions do not read them back from the database. */
export interface LogTail {
  /** Position of the last committed event; 0 in an empty log. */
  head(): number
  push(events: readonly StoredEvent[]): void
  /** Moves the head to events that another connection committed, without keeping them. */
  skipTo(position: number): void
  /** Forgets events that a scavenge removed. */
  forget(positions: ReadonlySet<number>): void
  /** Whether `after` knows what comes after a position. */
  has(position: number): boolean
  /** Events after `position`, oldest first, or `undefined` if the first of them is no longer here. */
  after(position: number, limit: number): readonly StoredEvent[] | undefined
  /** Resolves once `head()` is above `position` or the signal aborts. */
  grown(position: number, signal: AbortSignal): Promise<void>
}

export function createLogTail(initialHead: number): LogTail {
  let head = initialHead
  /** Every event after this position is in `events`, unless a scavenge removed it. */
  let base = initialHead
  let events: StoredEvent[] = []
  let bytes = 0
  const waiting = new Set<() => void>()

  const trim = () => {
    let drop = 0
    while (events.length - drop > MAX_EVENTS || (bytes > MAX_BYTES && drop < events.length)) {
      base = events[drop]!.position
      bytes -= sizeOf(events[drop]!)
      drop++
    }
    if (drop > 0) events = events.slice(drop)
  }

  const wakeAll = () => {
    for (const wake of [...waiting]) wake()
  }

  return {
    head: () => head,
    skipTo(position) {
      head = position
      base = position
      events = []
      bytes = 0
      wakeAll()
    },
    push(added) {
      for (const event of added) {
        events.push(event)
        bytes += sizeOf(event)
      }
      head = added.at(-1)?.position ?? head
      if (events.length > MAX_EVENTS * 1.5 || bytes > MAX_BYTES) trim()
      wakeAll()
    },
    forget(positions) {
      events = events.filter((event) => !positions.has(event.position))
      bytes = events.reduce((sum, event) => sum + sizeOf(event), 0)
    },
    has: (position) => position >= base,
    after(position, limit) {
      if (position >= head) return []
      if (position < base) return undefined
      const start = firstAfter(events, position)
      return events.slice(start, start + limit)
    },
    grown(position, signal) {
      if (head > position || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          if (head <= position && !signal.aborted) return
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      })
    },
  }
}

function firstAfter(events: readonly StoredEvent[], position: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (events[middle]!.position <= position) low = middle + 1
    else high = middle
  }
  return low
}

const sizeOf = (event: StoredEvent) => event.data.length + event.metadata.length + 256
