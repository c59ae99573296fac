import { setTimeout as sleep } from 'node:timers/promises'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import type { Cursor } from './encode-subscription.ts'
import type { SubscribeOptions, Subscription } from './event-log.ts'
import { findEnd } from './find-end.ts'
import { followOnce } from './follow-once.ts'
import type { LogConnection } from './log-connection.ts'
import { toEventLogError } from './to-event-log-error.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000

/**
 * Keeps a subscription alive: the client's own ends with the connection and never comes back.
 *
 * It resumes after the last settled batch, with pauses that double from 50 ms to 5 s and start over
 * as soon as something was handled.
 */
export function subscribe(connection: LogConnection, options: SubscribeOptions): Subscription {
  if (options.filter && options.source !== 'all') {
    throw new BaseError('CONFIG_INVALID', { facts: { reason: 'a filter needs the source all' } })
  }
  const controller = new AbortController()
  const signal = options.signal
    ? AbortSignal.any([options.signal, controller.signal])
    : controller.signal

  let cursor: Cursor | 'end' = options.from ?? 'start'
  let attempt = 0

  const connectOnce = async (): Promise<unknown> => {
    if (cursor === 'end') {
      try {
        cursor = await findEnd(connection, options.source)
      } catch (cause) {
        return cause
      }
    }
    return followOnce(connection, options, cursor, signal, (handled) => {
      cursor = handled
      attempt = 0
    })
  }

  const run = async () => {
    while (!signal.aborted) {
      const cause = await connectOnce()
      if (signal.aborted) return
      const error = toEventLogError(cause)
      if (isErrorWithCode(error, 'EVENT_LOG_REFUSED')) throw error
      attempt++
      options.onInterrupted?.(error, attempt)
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1))
      await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }

  const done = run()
  // Whoever is interested awaits `done`; nobody has to.
  done.catch(() => {})
  const close = async () => {
    controller.abort()
    await done.catch(() => {})
  }
  return { done, close, [Symbol.asyncDispose]: close }
}
