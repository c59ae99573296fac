/** How many events come per second at the moment. */
export interface EventRate {
  add(events: number): void
  /** Mean of the last ten seconds, or since the first event if that is shorter. */
  perSecond(): number
}

const windowSeconds = 10

/**
 * Counts events in a window of ten seconds.
 *
 * @param now milliseconds of a clock that does not jump
 */
export function eventRate(now: () => number): EventRate {
  const buckets = new Map<number, number>()
  const began = now()
  const clear = (second: number) => {
    for (const old of buckets.keys()) if (old <= second - windowSeconds) buckets.delete(old)
  }
  return {
    add(events) {
      const second = Math.floor(now() / 1000)
      clear(second)
      buckets.set(second, (buckets.get(second) ?? 0) + events)
    },
    perSecond() {
      clear(Math.floor(now() / 1000))
      const events = [...buckets.values()].reduce((sum, count) => sum + count, 0)
      const seconds = Math.min(windowSeconds, Math.max(1, (now() - began) / 1000))
      return events / seconds
    },
  }
}
