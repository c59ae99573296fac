import type { EventStoreDBClient } from '@eventstore/db-client'
import type { EventLog, SubscribeOptions } from '../../eventlog/client/event-log.ts'

/** Events per second of reading one stream forwards through our client. */
export async function measureReadStream(log: EventLog, stream: string): Promise<number> {
  const begun = performance.now()
  let count = 0
  for await (const _ of log.read(stream)) count++
  return perSecond(count, begun)
}

/** Events per second of reading the whole log forwards through the client that we build on. */
export async function measureReadAll(client: EventStoreDBClient): Promise<number> {
  const begun = performance.now()
  let count = 0
  for await (const _ of client.readAll()) count++
  return perSecond(count, begun)
}

/** Events per second from the start of the log until the subscription says that it has caught up. */
export async function measureCatchUp(
  log: EventLog,
  options: Pick<SubscribeOptions, 'source' | 'filter'>,
): Promise<{ readonly received: number; readonly seconds: number; readonly perSecond: number }> {
  const begun = performance.now()
  let received = 0
  await new Promise<void>((resolve, reject) => {
    const subscription = log.subscribe({
      ...options,
      onEvents: (events) => {
        received += events.length
      },
      onCaughtUp: () => {
        resolve()
        void subscription.close()
      },
    })
    subscription.done.catch(reject)
  })
  const seconds = (performance.now() - begun) / 1000
  return { received, seconds, perSecond: received / seconds }
}

const perSecond = (count: number, begun: number): number =>
  count / ((performance.now() - begun) / 1000)
