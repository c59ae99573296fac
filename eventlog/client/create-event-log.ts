import { EventStoreDBClient } from '@eventstore/db-client'
import { BaseError } from '../../schema/errors.ts'
import { clientInternals } from './client-internals.ts'
import { createAppender } from './create-appender.ts'
import type { EventLog, Subscription } from './event-log.ts'
import { readStream } from './read-stream.ts'
import { subscribe } from './subscribe.ts'
import { knownUpcasters, type Upcasters } from './upcast-event.ts'

const DEFAULT_DEADLINE_MS = 10_000

export interface EventLogOptions {
  /** `esdb://host:port?tls=false`; credentials belong here. */
  readonly connectionString: string
  /** How events of old versions become those of today. Defaults to all that are known. */
  readonly upcasters?: Upcasters
  /** How long an append or a read waits for the server. Defaults to 10 s. */
  readonly deadlineMs?: number
}

/**
 * Connects to EventStoreDB or to the embedded event log. The connection is made on first use.
 *
 * @throws CONFIG_INVALID the connection string cannot be read
 */
export function createEventLog({
  connectionString,
  deadlineMs = DEFAULT_DEADLINE_MS,
  upcasters = knownUpcasters,
}: EventLogOptions): EventLog {
  const client = connect(connectionString)
  const connection = { client, deadlineMs, upcasters }
  const appender = createAppender(client, deadlineMs)
  const subscriptions = new Set<Subscription>()

  let closing: Promise<void> | undefined
  const close = async () => {
    await Promise.allSettled([...subscriptions].map((subscription) => subscription.close()))
    appender.close()
    await client.dispose()
    // `dispose` ends the calls but leaves the channel with its timers.
    const channel = await clientInternals(client).getChannel()
    channel.close()
  }

  return {
    append: (stream, events, { expectedRevision }) =>
      appender.append(stream, events, expectedRevision),
    read: (stream, options = {}) => readStream(connection, stream, options),
    async readLast(stream) {
      const options = { direction: 'backwards', limit: 1 } as const
      for await (const event of readStream(connection, stream, options)) return event
      return undefined
    },
    subscribe(options) {
      const subscription = subscribe(connection, options)
      subscriptions.add(subscription)
      const forget = () => subscriptions.delete(subscription)
      subscription.done.then(forget, forget)
      return subscription
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}

function connect(connectionString: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connectionString)
  } catch (cause) {
    throw new BaseError('CONFIG_INVALID', {
      facts: { variable: 'PROVENANT_EVENTSTORE_URL' },
      cause,
    })
  }
}
