import { BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client'
import { BaseError } from '../../schema/errors.ts'
import { decodeEvent } from './decode-event.ts'
import type { ReadOptions, RecordedEvent } from './event-log.ts'
import type { LogConnection } from './log-connection.ts'
import { buffered, releaseStream } from './release-stream.ts'
import { describe, toEventLogError } from './to-event-log-error.ts'

/**
 * Reads a stream. The client's own reads wait for ever on a server that hangs; this one gives up
 * when no event arrives for `deadlineMs` while the consumer is waiting.
 */
export async function* readStream(
  { client, deadlineMs, upcasters }: LogConnection,
  stream: string,
  { from, direction = 'forwards', limit }: ReadOptions,
): AsyncGenerator<RecordedEvent> {
  if (limit !== undefined && limit <= 0) return
  const backwards = direction === 'backwards'
  const start = from ?? (backwards ? 'end' : 'start')
  const events = client.readStream(
    stream,
    {
      direction: backwards ? BACKWARDS : FORWARDS,
      fromRevision: start === 'start' ? START : start === 'end' ? END : start,
      ...(limit === undefined ? {} : { maxCount: limit }),
    },
    buffered,
  )
  let waiting = true
  const timer = setTimeout(() => {
    const facts = { stream, deadlineMs }
    if (waiting) events.emit('error', new BaseError('EVENT_LOG_TIMEOUT', { facts }))
  }, deadlineMs)
  try {
    for await (const resolved of events.iterator({ destroyOnReturn: false })) {
      const event = decodeEvent(resolved, upcasters)
      waiting = false
      if (event !== undefined) yield event
      waiting = true
      timer.refresh()
    }
  } catch (cause) {
    if (describe(cause).type === 'stream-not-found') return
    throw toEventLogError(cause, { stream })
  } finally {
    clearTimeout(timer)
    await releaseStream(events, () => events.cancel())
  }
}
