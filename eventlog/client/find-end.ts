import { BACKWARDS, END } from '@eventstore/db-client'
import { BaseError } from '../../schema/errors.ts'
import type { Cursor } from './encode-subscription.ts'
import type { SubscribeOptions } from './event-log.ts'
import type { LogConnection } from './log-connection.ts'
import { readStream } from './read-stream.ts'
import { buffered, releaseStream } from './release-stream.ts'
import { toEventLogError } from './to-event-log-error.ts'

/**
 * Finds the place a subscription from the end starts at. Without it, what is appended while the
 * first connection breaks would be skipped by the second.
 */
export async function findEnd(
  connection: LogConnection,
  source: SubscribeOptions['source'],
): Promise<Cursor> {
  const { client, deadlineMs } = connection
  if (source !== 'all') {
    const options = { direction: 'backwards', limit: 1 } as const
    for await (const last of readStream(connection, source.stream, options)) {
      return last.revision
    }
    return 'start'
  }
  const events = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }, buffered)
  const timer = setTimeout(() => {
    events.emit('error', new BaseError('EVENT_LOG_TIMEOUT', { facts: { deadlineMs } }))
  }, deadlineMs)
  try {
    for await (const { event } of events.iterator({ destroyOnReturn: false }))
      return event?.position.commit ?? 'start'
    return 'start'
  } catch (cause) {
    throw toEventLogError(cause)
  } finally {
    clearTimeout(timer)
    await releaseStream(events, () => events.cancel())
  }
}
