import { BaseError } from '../../../schema/errors.ts'
import type { LogStore } from '../log-store.ts'
import { type ConsumerGroup, createConsumerGroup } from './consumer-group.ts'
import type { GroupSettings } from './group-settings.ts'
import { createGroupStore, type GroupRecord } from './group-store.ts'

/** All groups of a log. They outlive the server: their state is in the database. */
export interface GroupRegistry {
  get(source: string, name: string): ConsumerGroup | undefined
  list(source?: string): readonly ConsumerGroup[]
  /** `undefined` if there is such a group. */
  create(
    source: string,
    name: string,
    settings: GroupSettings,
    checkpoint: number,
  ): Promise<ConsumerGroup | undefined>
  update(group: ConsumerGroup, settings: GroupSettings): Promise<void>
  remove(group: ConsumerGroup): Promise<void>
  /** Places of parked events, oldest first. */
  parked(group: ConsumerGroup, limit: number): Promise<readonly number[]>
  unpark(group: ConsumerGroup, places: readonly number[]): Promise<void>
  countParked(group: ConsumerGroup): Promise<number>
  close(): Promise<void>
}

export async function openGroupRegistry(log: LogStore): Promise<GroupRegistry> {
  const store = createGroupStore(log.pool, log.schema)
  const groups = new Map<string, ConsumerGroup>()
  const key = (source: string, name: string) => JSON.stringify([source, name])
  const add = (record: GroupRecord): ConsumerGroup => {
    const group = createConsumerGroup(log, store, record)
    groups.set(key(record.source, record.name), group)
    return group
  }
  const records = await store.list().catch((cause: unknown) => {
    throw new BaseError('DATABASE_UNAVAILABLE', { cause })
  })
  for (const record of records) add(record)

  return {
    get: (source, name) => groups.get(key(source, name)),
    list: (source) =>
      [...groups.values()].filter((g) => source === undefined || g.record.source === source),
    async create(source, name, settings, checkpoint) {
      const record = await store.create({ source, name, settings, checkpoint })
      return record && add(record)
    },
    async update({ record }, settings) {
      await store.update(record.id, settings)
      record.settings = settings
    },
    async remove(group) {
      groups.delete(key(group.record.source, group.record.name))
      await group.close()
      for (const consumer of group.consumers) consumer.drop()
      await store.remove(group.record.id)
    },
    parked: ({ record }, limit) => store.parked(record.id, limit),
    unpark: ({ record }, places) => store.unpark(record.id, places),
    countParked: ({ record }) => store.countParked(record.id),
    async close() {
      await Promise.all([...groups.values()].map((group) => group.close()))
      groups.clear()
    },
  }
}
