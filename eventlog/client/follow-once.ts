import { setImmediate } from 'node:timers/promises'
import { BaseError } from '../../schema/errors.ts'
import { decodeWireEvent } from './decode-wire-event.ts'
import type { Cursor } from './encode-subscription.ts'
import type { RecordedEvent, SubscribeOptions } from './event-log.ts'
import type { LogConnection } from './log-connection.ts'
import { messageSize } from './message-size.ts'
import { type OpenSubscription, openSubscription } from './open-subscription.ts'

const MAX_BATCH = 500
/** An event may have a megabyte; what it becomes takes several times as much. */
const MAX_BATCH_CHARACTERS = 8 * 1024 * 1024
const LONGEST_LINGER_MS = 5

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
  let characters = 0
  let received = 0
  let heard = -1n
  let handled = 0
  let caughtUp = false
  let ended: { readonly cause: unknown } | undefined
  let corrupt: unknown
  let wake = () => {}

  const end = (cause: unknown) => {
    ended ??= { cause }
    wake()
  }
  const stop = () => wake()
  signal.addEventListener('abort', stop)

  let subscription: OpenSubscription | undefined
  let closed = false
  openSubscription(client, options, from, () => wake(), end).then((opened) => {
    if (closed) opened.close()
    else subscription = opened
    wake()
  }, end)

  const isFull = () => batch.length >= MAX_BATCH || characters >= MAX_BATCH_CHARACTERS

  function pull(): void {
    while (!isFull() && corrupt === undefined) {
      const message = subscription?.read()
      if (message === undefined) return
      if (message.kind === 'event') {
        try {
          batch.push(decodeWireEvent(message.event, upcasters))
          heard = message.event.position
          characters += messageSize(message)
          received++
        } catch (cause) {
          corrupt = cause
        }
      } else if (message.kind === 'caught-up') {
        caughtUp = true
        markers.push({ after: received, run: () => options.onCaughtUp?.() })
      } else if (message.kind === 'checkpoint' && message.position > heard) {
        // One at the place of an event says nothing new and would cut the batch.
        const run = async () => {
          await options.onCheckpoint?.(message.position)
          advance(message.position)
        }
        markers.push({ after: received, run })
      }
    }
  }

  /** Waits while more of what was appended together is still arriving. */
  const linger = async () => {
    const started = performance.now()
    for (let before = -1; before < batch.length; ) {
      const complete = isFull() || markers.length > 0 || ended !== undefined
      if (complete || performance.now() - started > LONGEST_LINGER_MS) return
      before = batch.length
      await setImmediate()
      pull()
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
      pull()
      if (batch.length === 0 && markers.length === 0) {
        if (corrupt !== undefined) throw corrupt
        if (ended !== undefined) return ended.cause
        // A connection may die without a word; a live one that has nothing to say sends `caughtUp`.
        const spoke = await rest(caughtUp ? undefined : deadlineMs)
        if (!spoke) return new BaseError('EVENT_LOG_TIMEOUT', { facts: { deadlineMs } })
        continue
      }
      await linger()
      const untilMarker = (markers[0]?.after ?? Number.POSITIVE_INFINITY) - handled
      const events = batch.slice(0, Math.min(MAX_BATCH, untilMarker))
      batch = batch.slice(events.length)
      if (batch.length === 0) characters = 0
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
    closed = true
    subscription?.close()
  }
}
