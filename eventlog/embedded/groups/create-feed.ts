import { setTimeout as sleep } from 'node:timers/promises'
import { followAll, followStream } from '../follow-log.ts'
import type { LogStore } from '../log-store.ts'
import { toPredicate } from '../read-filter.ts'
import type { StoredEvent } from '../stored-event.ts'
import type { GroupRecord } from './group-store.ts'

const RETRY_MS = 500

/** Reads a group's events ahead of its consumers, in order, while there are any. */
export interface Feed {
  start(): void
  stop(): void
  peek(): StoredEvent | undefined
  take(): void
  /** Place of the last event taken, or behind it if the rest was filtered out. */
  taken(): number
}

export function createFeed(log: LogStore, record: GroupRecord, onEvents: () => void): Feed {
  const all = record.source === '$all'
  let buffer: StoredEvent[] = []
  let taken = record.checkpoint
  let controller: AbortController | undefined
  let resume = () => {}

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      try {
        const slices = all
          ? followAll(
              log,
              taken,
              record.settings.filter && toPredicate(record.settings.filter),
              signal,
            )
          : followStream(log, record.source, taken, signal)
        for await (const slice of slices) {
          if (signal.aborted) return
          buffer.push(...slice.events)
          if (all && buffer.length === 0) taken = slice.scannedTo
          onEvents()
          while (buffer.length >= record.settings.historyBufferSize && !signal.aborted) {
            await new Promise<void>((resolve) => {
              resume = resolve
            })
          }
        }
      } catch {
        // The database is away; what was not taken is read again.
        buffer = []
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  return {
    start() {
      if (controller !== undefined) return
      controller = new AbortController()
      void run(controller.signal)
    },
    stop() {
      controller?.abort()
      controller = undefined
      buffer = []
      resume()
    },
    peek: () => buffer[0],
    take() {
      const event = buffer.shift()
      if (event !== undefined) taken = all ? event.position : event.revision
      resume()
    },
    taken: () => taken,
  }
}
