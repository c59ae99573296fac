import type { LogReader } from './log-reader.ts'
import type { StreamState } from './stored-event.ts'
import { firstByCount } from './stream-limits.ts'

/**
 * Finds the first revision from `from` on that the stream's metadata leaves to readers at `now`
 * (Unix milliseconds); behind the last event if there is none.
 *
 * The age is searched by halves, as EventStoreDB does: along a stream, time does not run backwards.
 */
export async function firstLive(
  reader: Pick<LogReader, 'findNext'>,
  stream: StreamState,
  from: number,
  now: number,
): Promise<number> {
  const { limits, head } = stream
  let low = Math.max(from, firstByCount(limits, head))
  if (limits.maxAgeSeconds === undefined || low > head) return low
  const oldest = now - limits.maxAgeSeconds * 1000
  let high = head + 1
  let probe = low
  while (low < high) {
    const next = await reader.findNext(stream, probe)
    if (next === undefined || next.created >= oldest) {
      // Between the probe and the next event there is only what a scavenge left: nothing.
      if (probe === low) return next?.revision ?? high
      high = probe
    } else {
      low = next.revision + 1
    }
    probe = low + Math.floor((high - low) / 2)
  }
  return low
}
