import { randomUUID } from 'node:crypto'
import type { EventLog, NewEvent } from '../../eventlog/client/event-log.ts'

export interface AppendRate {
  readonly size: number
  readonly streams: number
  readonly events: number
  readonly eventsPerSecond: number
}

/**
 * Appends `appends` batches, as many as there are, each under the revision that the one before it
 * ended at; several streams take their share of them at the same time.
 */
export async function measureAppends(
  log: EventLog,
  batches: readonly (readonly NewEvent[])[],
  streams: number,
  prefix = 'chain-bench',
): Promise<AppendRate> {
  const names = Array.from({ length: streams }, () => `${prefix}-${randomUUID()}`)
  const begun = performance.now()
  await Promise.all(
    names.map(async (name, index) => {
      let expectedRevision: bigint | 'none' = 'none'
      for (let i = index; i < batches.length; i += streams) {
        const { revision } = await log.append(name, batches[i]!, { expectedRevision })
        expectedRevision = revision
      }
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  const events = batches.reduce((sum, batch) => sum + batch.length, 0)
  return { size: batches[0]!.length, streams, events, eventsPerSecond: events / seconds }
}
