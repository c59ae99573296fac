import { BaseError } from '../../schema/errors.ts'
import { decodeEvent } from './decode-event.ts'
import type { RecordedEvent, SubscribeOptions } from './event-log.ts'
import type { LogConnection } from './log-connection.ts'
import { type Cursor, openSubscription } from './open-subscription.ts'
import { releaseStream } from './release-stream.ts'

const MAX_BATCH = 500
const LINGER_MS = 5

/** Something that happened between two events; `after` counts the events before it. */
interface Marker {
  readonly after: number
  readonly run: () => Promise<void> | void
}

/**
 * Follows the log over one connection.
 *
 * @param advance - called with the place of the last handled event, after its batch has settled
 * @returns what ended the connection; `undefined` after an abort
 * @throws whatever a handler throws, and EVENT_LOG_CORRUPT
 */
export async function followOnce(
  { client, deadlineMs, upcasters }: LogConnection,
  options: SubscribeOptions,
  from: Cursor,
  signal: AbortSignal,
  advance: (cursor: bigint) => void,
): Promise<unknown> {
  const { source, onEvents } = options
  const markers: Marker[] = []
  let batch: RecordedEvent[] = []
  let received = 0
  let handled = 0
  let caughtUp = false
  let ended: { readonly cause: unknown } | undefined
  let corrupt: unknown
  let wake = () => {}

  const mark = (run: () => Promise<void> | void) => {
    pull(Number.POSITIVE_INFINITY)
    markers.push({ after: received, run })
    wake()
  }
  const end = (cause: unknown) => {
    ended ??= { cause }
    wake()
  }
  const stop = () => wake()
  signal.addEventListener('abort', stop)

  const subscription = openSubscription(client, options, from, (position) =>
    mark(async () => {
      await options.onCheckpoint?.(position)
      advance(position)
    }),
  )
  subscription.on('readable', () => wake())
  subscription.on('error', end)
  subscription.on('end', () => end(new BaseError('EVENT_LOG_UNAVAILABLE')))
  subscription.on('caughtUp', () => {
    caughtUp = true
    mark(() => options.onCaughtUp?.())
  })

  function pull(limit: number): void {
    while (batch.length < limit && corrupt === undefined) {
      const resolved = subscription.read()
      if (resolved === null) return
      try {
        const event = decodeEvent(resolved, upcasters)
        if (event === undefined) continue
        batch.push(event)
        received++
      } catch (cause) {
        corrupt = cause
      }
    }
  }

  const rest = (ms: number | undefined) =>
    new Promise<boolean>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => resolve(false), ms)
      wake = () => {
        clearTimeout(timer)
        wake = () => {}
        resolve(true)
      }
    })

  try {
    while (!signal.aborted) {
      pull(MAX_BATCH)
      if (batch.length === 0 && markers.length === 0) {
        if (corrupt !== undefined) throw corrupt
        if (ended !== undefined) return ended.cause
        // A connection may die without a word; a live one that has nothing to say sends `caughtUp`.
        const spoke = await rest(caughtUp ? undefined : deadlineMs)
        if (!spoke) return new BaseError('EVENT_LOG_TIMEOUT', { facts: { deadlineMs } })
        continue
      }
      if (batch.length < MAX_BATCH && markers.length === 0 && !ended) {
        await linger()
        pull(MAX_BATCH)
      }
      const untilMarker = (markers[0]?.after ?? Number.POSITIVE_INFINITY) - handled
      const events = batch.slice(0, Math.min(MAX_BATCH, untilMarker))
      batch = batch.slice(events.length)
      const last = events.at(-1)
      if (last !== undefined) {
        await onEvents(events)
        handled += events.length
        advance(source === 'all' ? last.position : last.revision)
      }
      while (!signal.aborted && markers[0]?.after === handled) await markers.shift()!.run()
    }
    return undefined
  } finally {
    signal.removeEventListener('abort', stop)
    await releaseStream(subscription, () => subscription.unsubscribe())
  }
}

const linger = () => new Promise((resolve) => setTimeout(resolve, LINGER_MS))
