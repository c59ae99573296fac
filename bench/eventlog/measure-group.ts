import { randomUUID } from 'node:crypto'
import {
  type EventStoreDBClient,
  type PersistentSubscriptionToStreamResolvedEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client'

const ACK_AT = 50
const LINGER_MS = 5

/**
 * Events per second that a group of competing consumers takes and acknowledges, at most 50 events per
 * acknowledgement.
 */
export async function measureGroup(
  client: EventStoreDBClient,
  stream: string,
  events: number,
  consumers: number,
): Promise<number> {
  const group = `bench-${randomUUID()}`
  await client.createPersistentSubscriptionToStream(
    stream,
    group,
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START }),
  )
  const begun = performance.now()
  let settled = 0
  const subscriptions = await new Promise<readonly { unsubscribe(): Promise<void> }[]>(
    (resolve, reject) => {
      const all = Array.from({ length: consumers }, () => {
        const consumer = client.subscribeToPersistentSubscriptionToStream(stream, group, {
          bufferSize: 500,
        })
        let open: PersistentSubscriptionToStreamResolvedEvent[] = []
        const ack = () => {
          const batch = open
          open = []
          if (batch.length === 0) return
          consumer.ack(...batch).then(() => {
            settled += batch.length
            if (settled >= events) resolve(all)
          }, reject)
        }
        consumer.on('data', (resolved) => {
          open.push(resolved)
          if (open.length === ACK_AT) ack()
          else if (open.length === 1) setTimeout(ack, LINGER_MS)
        })
        consumer.on('error', reject)
        return consumer
      })
    },
  )
  const rate = settled / ((performance.now() - begun) / 1000)
  await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()))
  await client.deletePersistentSubscriptionToStream(stream, group)
  return rate
}
