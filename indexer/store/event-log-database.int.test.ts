import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import {
  createEmbeddedEventLog,
  type EmbeddedEventLog,
} from '../../eventlog/embedded/create-embedded-event-log.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { EventLogDatabase, type EventLogDatabaseOptions } from './event-log-database.ts'
import type { IndexedBlock } from './indexed-block.ts'

let postgres: TestDatabase
let server: EmbeddedEventLog
let eventLog: EventLog
let chains = 100

beforeAll(async () => {
  postgres = await createTestDatabase()
  server = await createEmbeddedEventLog({ databaseUrl: postgres.url })
  eventLog = createEventLog({ connectionString: server.connectionString })
})

afterAll(async () => {
  await eventLog.close()
  await server.close()
  await postgres.drop()
})

/** A chain as a list of block names; names of a fork differ. */
const block = (chainId: number, height: number, name = 'a', facts = 1): IndexedBlock => {
  const hash = sha256(`${height}${name}`)
  return {
    height,
    hash,
    timestamp: height,
    facts: Array.from(
      { length: facts },
      (_, logIndex): ChainFact => ({
        type: 'EpochActivated',
        data: { epoch: '1' },
        metadata: {
          chainId,
          blockNumber: height,
          blockHash: hash,
          txHash: hash,
          logIndex,
          timestamp: 1,
        },
      }),
    ),
  }
}

function open(
  chainId: number,
  node: readonly IndexedBlock[] = [],
  options: Partial<EventLogDatabaseOptions> = {},
) {
  return new EventLogDatabase({
    eventLog,
    chainId,
    hashAt: async (height) => node.find((known) => known.height === height)?.hash,
    cursorMs: 60_000,
    ...options,
  })
}

const add = (blocks: readonly IndexedBlock[]) => async (sink: { add(b: IndexedBlock): void }) => {
  for (const each of blocks) sink.add(each)
}

const hot = (
  database: EventLogDatabase,
  base: IndexedBlock,
  final: IndexedBlock,
  blocks: readonly IndexedBlock[],
) =>
  database.transactHot2(
    { baseHead: base, finalizedHead: final, newBlocks: [...blocks] },
    (sink, start, end) => add(blocks.slice(start, end))(sink),
  )

async function read(chainId: number): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const event of eventLog.read(chainStream(chainId))) events.push(event)
  return events
}

const summary = (events: readonly RecordedEvent[]) =>
  events.map(
    ({ type, data, metadata }) =>
      `${type} ${'blockNumber' in metadata ? metadata['blockNumber'] : data['height']}`,
  )

test('history is cut between blocks only, and every append tells where to resume', async () => {
  const chainId = ++chains
  const blocks = [1, 2, 3].map((height) => block(chainId, height, 'a', 300))
  const [, , last] = blocks as [IndexedBlock, IndexedBlock, IndexedBlock]
  await using database = open(chainId)
  const start = await database.connect()
  expect(start).toEqual({ height: -1, hash: '0x', top: [] })
  await database.transact({ prevHead: start, nextHead: last, isOnTop: true }, add(blocks))
  const events = await read(chainId)
  const heads = events.flatMap(({ metadata }) => ('head' in metadata ? [metadata['head']] : []))
  expect(heads).toMatchObject([
    { height: 2, top: [], announced: -1 },
    { height: 3, top: [], announced: 3 },
  ])
  expect(events).toHaveLength(901)
  expect(events.at(-1)?.type).toBe('BlockFinalized')
  await using again = open(chainId, blocks)
  expect(await again.connect()).toEqual({ height: 3, hash: last.hash, top: [] })
})

test('a fork undoes its blocks newest first in the append that brings the new ones', async () => {
  const chainId = ++chains
  const [one, two, three, four] = [1, 2, 3, 4].map((height) => block(chainId, height)) as [
    IndexedBlock,
    IndexedBlock,
    IndexedBlock,
    IndexedBlock,
  ]
  const [three2, four2, five2] = [3, 4, 5].map((height) => block(chainId, height, 'b')) as [
    IndexedBlock,
    IndexedBlock,
    IndexedBlock,
  ]
  await using database = open(chainId, [one])
  const start = await database.connect()
  await database.transact({ prevHead: start, nextHead: one, isOnTop: true }, add([one]))
  await hot(database, one, one, [two, three, four])
  await hot(database, two, two, [three2, four2, five2])
  expect(summary(await read(chainId))).toEqual([
    'EpochActivated 1',
    'BlockFinalized 1',
    'EpochActivated 2',
    'EpochActivated 3',
    'EpochActivated 4',
    'BlockReverted 4',
    'BlockReverted 3',
    'EpochActivated 3',
    'EpochActivated 4',
    'EpochActivated 5',
    'BlockFinalized 2',
  ])
  const reverts = (await read(chainId)).filter(({ type }) => type === 'BlockReverted')
  expect(reverts.map(({ data }) => data['replacedBy'])).toEqual([four2.hash, three2.hash])
})

test('blocks delivered again after a restart are trimmed, and a returning block is written again', async () => {
  const chainId = ++chains
  const [one, two, three] = [1, 2, 3].map((height) => block(chainId, height)) as [
    IndexedBlock,
    IndexedBlock,
    IndexedBlock,
  ]
  const two2 = block(chainId, 2, 'b')
  {
    await using database = open(chainId, [one])
    const start = await database.connect()
    await database.transact({ prevHead: start, nextHead: one, isOnTop: true }, add([one]))
    await hot(database, one, one, [two, three])
  }
  await using database = open(chainId, [one, two, three])
  expect((await database.connect()).top).toHaveLength(2)
  const before = await read(chainId)
  await hot(database, two, one, [three])
  expect(await read(chainId)).toHaveLength(before.length)
  await hot(database, one, one, [two2])
  await hot(database, one, one, [two, three])
  const live = new Map<string, number>()
  for (const event of await read(chainId)) {
    const hash = String(event.metadata['blockHash'] ?? event.data['hash'])
    if (event.type === 'EpochActivated') live.set(hash, (live.get(hash) ?? 0) + 1)
    if (event.type === 'BlockReverted') live.delete(hash)
  }
  expect([...live.entries()]).toEqual([
    [one.hash, 1],
    [two.hash, 1],
    [three.hash, 1],
  ])
})

test('blocks that became final while nobody watched are kept, and only lost ones undone', async () => {
  const chainId = ++chains
  const [one, two, three] = [1, 2, 3].map((height) => block(chainId, height)) as [
    IndexedBlock,
    IndexedBlock,
    IndexedBlock,
  ]
  const three2 = block(chainId, 3, 'b')
  const four2 = block(chainId, 4, 'b')
  {
    await using database = open(chainId, [one])
    const start = await database.connect()
    await database.transact({ prevHead: start, nextHead: one, isOnTop: true }, add([one]))
    await hot(database, one, one, [two, three])
  }
  await using database = open(chainId, [one, two, three2, four2])
  const { height, hash } = await database.connect()
  const info = { prevHead: { height, hash }, nextHead: four2, isOnTop: true }
  await database.transact(info, add([two, three2, four2]))
  expect(summary(await read(chainId)).slice(4)).toEqual([
    'BlockReverted 3',
    'EpochActivated 3',
    'EpochActivated 4',
    'BlockFinalized 4',
  ])
})

test('a fork below finality is undone down to the newest block the node still has', async () => {
  const chainId = ++chains
  const old = [1, 2, 3, 4].map((height) => block(chainId, height))
  const fresh = [old[0] as IndexedBlock, ...[2, 3, 4, 5].map((h) => block(chainId, h, 'b'))]
  {
    await using database = open(chainId)
    const start = await database.connect()
    const nextHead = old[3] as IndexedBlock
    await database.transact({ prevHead: start, nextHead, isOnTop: true }, add(old))
  }
  await using behind = open(chainId, fresh.slice(0, 2))
  await expect(behind.connect()).rejects.toMatchObject({ code: 'NODE_UNAVAILABLE' })
  await using database = open(chainId, fresh)
  expect(await database.connect()).toEqual({ height: 1, hash: old[0]?.hash, top: [] })
  expect(summary(await read(chainId)).slice(5)).toEqual([
    'BlockReverted 4',
    'BlockReverted 3',
    'BlockReverted 2',
  ])
  await using again = open(chainId, fresh)
  expect(await again.connect()).toEqual({ height: 1, hash: old[0]?.hash, top: [] })
})

test('a second writer is fenced and nothing of its blocks is kept', async () => {
  const chainId = ++chains
  const [one, two] = [block(chainId, 1), block(chainId, 2)]
  await using first = open(chainId, [one, two])
  await using second = open(chainId, [one, two])
  const start = await first.connect()
  await second.connect()
  await first.transact({ prevHead: start, nextHead: one, isOnTop: true }, add([one]))
  await expect(
    second.transact({ prevHead: start, nextHead: two, isOnTop: true }, add([one, two])),
  ).rejects.toMatchObject({ code: 'EVENT_LOG_CONFLICT' })
  expect(summary(await read(chainId))).toEqual(['EpochActivated 1', 'BlockFinalized 1'])
})

test('an append whose answer was lost is found by the next connect and not written twice', async () => {
  const chainId = ++chains
  const [one, two] = [block(chainId, 1), block(chainId, 2)]
  let lose = true
  const deaf: Pick<EventLog, 'append' | 'read' | 'readLast'> = {
    read: (...args) => eventLog.read(...args),
    readLast: (stream) => eventLog.readLast(stream),
    async append(...args) {
      const result = await eventLog.append(...args)
      if (lose) throw new BaseError('EVENT_LOG_TIMEOUT')
      return result
    },
  }
  await using database = open(chainId, [one, two], { eventLog: deaf })
  const start = await database.connect()
  const info = { prevHead: start, nextHead: one, isOnTop: true }
  await expect(database.transact(info, add([one]))).rejects.toMatchObject({
    code: 'EVENT_LOG_TIMEOUT',
  })
  lose = false
  const state = await database.connect()
  expect(state).toEqual({ height: 1, hash: one.hash, top: [] })
  await database.transact({ prevHead: state, nextHead: two, isOnTop: true }, add([two]))
  expect(summary(await read(chainId))).toEqual([
    'EpochActivated 1',
    'BlockFinalized 1',
    'EpochActivated 2',
    'BlockFinalized 2',
  ])
})

test('quiet blocks are written as one cursor after a while, and finality as soon as it matters', async () => {
  const chainId = ++chains
  const blocks = Array.from({ length: 8 }, (_, height) =>
    block(chainId, height, 'a', height === 1 ? 1 : 0),
  )
  const at = (height: number) => blocks[height] as IndexedBlock
  await using database = open(chainId, blocks, { cursorMs: 150 })
  const start = await database.connect()
  await database.transact({ prevHead: start, nextHead: at(0), isOnTop: true }, add([at(0)]))
  await hot(database, at(0), at(0), [at(1)])
  await hot(database, at(1), at(0), [at(2)])
  await hot(database, at(2), at(1), [at(3)])
  for (const height of [4, 5, 6]) await hot(database, at(height - 1), at(height - 2), [at(height)])
  expect(summary(await read(chainId))).toEqual(['EpochActivated 1', 'BlockFinalized 1'])
  await expect
    .poll(async () => summary(await read(chainId)))
    .toEqual(['EpochActivated 1', 'BlockFinalized 1', 'CursorAdvanced 6'])
})

test('a log whose last event has no cursor is reported, not guessed around', async () => {
  const chainId = ++chains
  const id = '00000000-0000-4000-8000-000000000001'
  await eventLog.append(chainStream(chainId), [{ id, type: 'EpochActivated', data: {} }], {
    expectedRevision: 'none',
  })
  await using database = open(chainId)
  await expect(database.connect()).rejects.toMatchObject({ code: 'EVENT_LOG_CORRUPT' })
})
