import type { LogStore } from '../log-store.ts'
import type { StoredEvent } from '../stored-event.ts'
import { chooseConsumer } from './choose-consumer.ts'
import { createCheckpointer } from './create-checkpointer.ts'
import { createFeed } from './create-feed.ts'
import type { GroupRecord, GroupStore } from './group-store.ts'

export interface Consumer {
  readonly bufferSize: number
  inFlight: number
  deliver(event: StoredEvent, retries: number): void
  /** Ends the consumer's call because the group was deleted. */
  drop(): void
}

export type NackAction = 'park' | 'retry' | 'skip' | 'stop'

/** One group of competing consumers: every event goes to one of them until it is settled. */
export interface ConsumerGroup {
  readonly record: GroupRecord
  readonly consumers: readonly Consumer[]
  join(consumer: Consumer): void
  leave(consumer: Consumer): void
  ack(consumer: Consumer, ids: readonly string[]): void
  nack(consumer: Consumer, ids: readonly string[], action: NackAction, reason: string): void
  /** Delivers parked events again; they stay parked until they are acknowledged. */
  replay(events: readonly StoredEvent[]): void
  stats(): { readonly inFlight: number; readonly waiting: number; readonly checkpoint: number }
  /** Stops delivering and saves the progress. */
  close(): Promise<void>
}

const EXPIRY_CHECK_MS = 250

interface Item {
  readonly event: StoredEvent
  readonly retries: number
  readonly parked: boolean
}

interface Delivery extends Item {
  readonly consumer: Consumer
  readonly since: number
}

export function createConsumerGroup(
  log: LogStore,
  store: GroupStore,
  record: GroupRecord,
): ConsumerGroup {
  const placeOf = (event: StoredEvent) =>
    record.source === '$all' ? event.position : event.revision
  const inFlight = new Map<string, Delivery>()
  const parking = new Map<number, Item>()
  let waiting: Item[] = []
  let consumers: Consumer[] = []
  let turn = 0
  let closed = false

  const feed = createFeed(log, record, () => dispatch())

  const unsettled = () =>
    [...inFlight.values(), ...waiting, ...parking.values()].filter((item) => !item.parked)
  const checkpointer = createCheckpointer(store, record, () => {
    const open = unsettled()
    const places = open.map((item) => placeOf(item.event))
    const retries = open.flatMap((item) =>
      item.retries > 0 ? [[placeOf(item.event), item.retries] as const] : [],
    )
    const settled = places.length > 0 ? Math.min(...places) - 1 : feed.taken()
    return { checkpoint: settled, retries: Object.fromEntries(retries) }
  })

  const next = (): Item | undefined => {
    // The same id may stand in the log twice; acknowledgements name only the id.
    const index = waiting.findIndex((item) => !inFlight.has(item.event.id))
    if (index >= 0) return waiting[index]
    const event = feed.peek()
    if (event === undefined || inFlight.has(event.id)) return undefined
    return { event, retries: record.retries[placeOf(event)] ?? 0, parked: false }
  }

  function dispatch(): void {
    while (!closed) {
      const item = next()
      if (item === undefined) return
      const consumer = chooseConsumer(record.settings.strategy, consumers, item.event, turn)
      if (consumer === undefined) return
      turn++
      if (waiting.includes(item)) waiting = waiting.filter((other) => other !== item)
      else feed.take()
      consumer.inFlight++
      const { event, retries, parked } = item
      inFlight.set(event.id, { event, retries, parked, consumer, since: performance.now() })
      consumer.deliver(item.event, item.retries)
    }
  }

  const release = (consumer: Consumer, id: string): Delivery | undefined => {
    const delivery = inFlight.get(id)
    if (delivery?.consumer !== consumer) return undefined
    inFlight.delete(id)
    consumer.inFlight--
    return delivery
  }

  const settle = (item: Item) => {
    checkpointer.settled()
    if (!item.parked) return
    store.unpark(record.id, [placeOf(item.event)]).catch(() => {})
  }

  const park = (item: Item, reason: string) => {
    if (item.parked) return
    const place = placeOf(item.event)
    parking.set(place, item)
    store.park(record.id, place, reason).then(
      () => {
        parking.delete(place)
        checkpointer.settled()
      },
      () => {
        // Not parked, so not settled: it is delivered again.
        parking.delete(place)
        waiting.push(item)
      },
    )
  }

  const retry = ({ event, retries, parked }: Item, reason: string) => {
    if (retries >= record.settings.maxRetryCount) park({ event, retries, parked }, reason)
    else waiting.push({ event, retries: retries + 1, parked })
  }

  const expire = () => {
    const { messageTimeoutMs } = record.settings
    if (messageTimeoutMs <= 0) return
    const limit = performance.now() - messageTimeoutMs
    for (const [id, delivery] of inFlight) {
      if (delivery.since < limit && release(delivery.consumer, id)) retry(delivery, 'timeout')
    }
    dispatch()
  }
  const timer = setInterval(expire, EXPIRY_CHECK_MS)
  timer.unref()

  return {
    record,
    get consumers() {
      return consumers
    },
    join(consumer) {
      consumers = [...consumers, consumer]
      feed.start()
      dispatch()
    },
    leave(consumer) {
      consumers = consumers.filter((other) => other !== consumer)
      for (const [id, delivery] of inFlight) {
        if (release(consumer, id)) retry(delivery, 'consumer left')
      }
      if (consumers.length === 0) feed.stop()
      dispatch()
    },
    ack(consumer, ids) {
      for (const id of ids) {
        const delivery = release(consumer, id)
        if (delivery) settle(delivery)
      }
      dispatch()
    },
    nack(consumer, ids, action, reason) {
      // EventStoreDB ignores `stop` too: the message times out.
      for (const id of action === 'stop' ? [] : ids) {
        const delivery = release(consumer, id)
        if (delivery === undefined) continue
        if (action === 'skip') settle(delivery)
        else if (action === 'park') park(delivery, reason)
        else retry(delivery, reason)
      }
      dispatch()
    },
    replay(events) {
      const known = new Set([...inFlight.values(), ...waiting].map((item) => item.event.position))
      for (const event of events) {
        if (!known.has(event.position)) waiting.push({ event, retries: 0, parked: true })
      }
      dispatch()
    },
    stats: () => ({
      inFlight: inFlight.size,
      waiting: waiting.length,
      checkpoint: checkpointer.saved(),
    }),
    async close() {
      closed = true
      clearInterval(timer)
      feed.stop()
      await checkpointer.close()
    },
  }
}
