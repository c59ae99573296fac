import {
  type EventStoreDBClient,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client'
import { cpuSeconds, residentMb } from './cpu-seconds.ts'
import { measureGroup } from './measure-group.ts'

export interface FanOut {
  readonly groups: number
  readonly consumers: number
  readonly deliveriesPerSecond: number
  /** CPU time of the server per event that was delivered and acknowledged. */
  readonly serverMicrosPerDelivery: number
}

/** Lets several groups take the same stream at once. */
export async function measureFanOut(
  client: EventStoreDBClient,
  serverPid: number,
  { stream, events }: { readonly stream: string; readonly events: number },
  groups: number,
  consumers: number,
): Promise<FanOut> {
  const cpu = cpuSeconds(serverPid)
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: groups }, () => measureGroup(client, stream, events, consumers)),
  )
  const deliveries = groups * events
  return {
    groups,
    consumers,
    deliveriesPerSecond: deliveries / ((performance.now() - begun) / 1000),
    serverMicrosPerDelivery: ((cpuSeconds(serverPid) - cpu) / deliveries) * 1e6,
  }
}

/** Memory that a group without consumers costs the server, in KiB. */
export async function measureIdleGroups(
  client: EventStoreDBClient,
  serverPid: number,
  stream: string,
): Promise<number> {
  const groups = 200
  const before = residentMb(serverPid)
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START })
  for (let i = 0; i < groups; i++) {
    await client.createPersistentSubscriptionToStream(stream, `idle-${i}`, settings)
  }
  const kib = ((residentMb(serverPid) - before) / groups) * 1024
  for (let i = 0; i < groups; i++) {
    await client.deletePersistentSubscriptionToStream(stream, `idle-${i}`)
  }
  return kib
}
