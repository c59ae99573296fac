import { expect, test } from 'vitest'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import { eventId } from '../../schema/events/event-id.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { memoryEventLog } from '../testing/memory-event-log.fixture.ts'
import { foldChainFacts } from './fold-chain-facts.ts'
import { readChainFacts } from './read-chain-facts.ts'

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`

/** A log with one append per entry; `final` is the head that its last event carries. */
async function logOf(
  appends: readonly {
    readonly block: number
    readonly id: number
    readonly final?: number
    readonly reverts?: number
    readonly type?: string
    readonly late?: true
    readonly data?: object
  }[],
) {
  const log = memoryEventLog()
  for (const [i, { block, id, final, reverts, type, data, late }] of appends.entries()) {
    const head = final === undefined ? {} : { head: { height: final, hash: hash(final), top: [] } }
    const event =
      reverts === undefined
        ? {
            type: type ?? 'EpochActivated',
            data: { epoch: String(id), ...data },
            metadata: {
              ...{ chainId: 1, blockNumber: block, blockHash: hash(id), logIndex: 0 },
              ...(late === undefined ? {} : { late }),
              ...head,
            },
          }
        : {
            type: 'BlockReverted',
            data: { height: block, hash: hash(reverts), replacedBy: null },
            metadata: { chainId: 1, ...head },
          }
    await log.append(chainStream(1), [{ id: eventId([i]), ...event }], { expectedRevision: 'any' })
  }
  return log
}
const ids = (facts: readonly ChainFact[]) =>
  facts.map((fact) => (fact.type === 'EpochActivated' ? fact.data.epoch : fact.type))

test('only facts at or below the final block count', async () => {
  const log = await logOf([
    { block: 1, id: 101, final: 0 },
    { block: 2, id: 102, final: 1 },
    { block: 3, id: 103, final: 2 },
  ])
  const read = await readChainFacts(log, 1)
  expect(ids(read!.facts)).toEqual(['101', '102'])
  expect(read!.final).toEqual({ height: 2, hash: hash(2) })
})

test('facts of a reverted block are dropped and count again if the block comes back', async () => {
  const reverted = [
    { block: 1, id: 101, final: 0 },
    { block: 2, id: 102, final: 0 },
    { block: 2, id: 0, reverts: 102, final: 0 },
    { block: 2, id: 202, final: 0 },
    { block: 3, id: 203, final: 9 },
  ]
  const once = await readChainFacts(await logOf(reverted), 1)
  expect(ids(once!.facts)).toEqual(['101', '202', '203'])
  const back = await readChainFacts(
    await logOf([
      ...reverted,
      { block: 2, id: 0, reverts: 202, final: 1 },
      { block: 2, id: 102, final: 9 },
    ]),
    1,
  )
  expect(ids(back!.facts)).toEqual(['101', '203', '102'])
})

test('facts of a contract that was added later come in their place', async () => {
  const log = await logOf([
    { block: 1, id: 101, final: 0 },
    { block: 4, id: 104, final: 0 },
    { block: 2, id: 102, late: true },
    { block: 3, id: 103, late: true, final: 9 },
  ])
  expect(ids((await readChainFacts(log, 1))!.facts)).toEqual(['101', '102', '103', '104'])
})

test('an earlier last block gives the facts up to it, a later one is not believed', async () => {
  const log = await logOf([
    { block: 1, id: 101, final: 1 },
    { block: 2, id: 102, final: 2 },
  ])
  const earlier = await readChainFacts(log, 1, { upTo: { height: 1, hash: hash(1) } })
  expect(ids(earlier!.facts)).toEqual(['101'])
  const later = await readChainFacts(log, 1, { upTo: { height: 7, hash: hash(7) } })
  expect(later!.final.height).toBe(2)
})

test('an empty chain has no final block and a damaged head is an error', async () => {
  expect(await readChainFacts(memoryEventLog(), 1)).toBeUndefined()
  const log = memoryEventLog()
  await log.append(
    chainStream(1),
    [{ id: eventId([0]), type: 'CursorAdvanced', data: {}, metadata: { head: { height: -1 } } }],
    { expectedRevision: 'none' },
  )
  await expect(readChainFacts(log, 1)).rejects.toMatchObject({ code: 'EVENT_LOG_CORRUPT' })
})

test('contributions are numbered in the order of their first acceptance', () => {
  const metadata = {
    chainId: 1,
    blockNumber: 1,
    blockHash: '0x',
    txHash: '0x',
    logIndex: 0,
    timestamp: 0,
  }
  const submitted = (contributionId: string): ChainFact => ({
    type: 'ContributionSubmitted',
    data: {
      datanetId: '1',
      contributionId,
      contributor: '0xaa',
      root: '0x',
      rows: 1,
      byteSize: '1',
      dataHash: '0x',
    },
    metadata,
  })
  const accepted = (contributionId: string): ChainFact => ({
    type: 'ContributionAccepted',
    data: { datanetId: '1', contributionId, by: '0xbb' },
    metadata,
  })
  const { contributions } = foldChainFacts([
    submitted('1'),
    submitted('2'),
    submitted('3'),
    accepted('3'),
    accepted('1'),
    accepted('3'),
  ])
  expect([...contributions.values()].map((c) => c.acceptedAs)).toEqual([1, undefined, 0])
})

test('an epoch keeps the last thing that happened to it', () => {
  const metadata = {
    chainId: 1,
    blockNumber: 1,
    blockHash: '0x',
    txHash: '0x',
    logIndex: 0,
    timestamp: 0,
  }
  const proposed = (epoch: string): ChainFact => ({
    type: 'EpochProposed',
    data: {
      epoch,
      poster: '0x',
      previousEpoch: '0',
      root: '0x',
      totalEarned: '1',
      accounts: 1,
      creditsRoot: '0x',
      credits: 1,
      callsRoot: '0x',
      calls: 1,
      dataHash: '0x',
      fromBlock: '0',
      toBlock: '1',
      toBlockHash: '0x',
      engineHash: '0x',
      activatesAt: '0',
    },
    metadata,
  })
  const { epochs } = foldChainFacts([
    proposed('1'),
    { type: 'EpochRejected', data: { epoch: '1', reasonCode: 1 }, metadata },
    proposed('2'),
    { type: 'EpochActivated', data: { epoch: '2' }, metadata },
    proposed('3'),
  ])
  expect(epochs.map(({ status }) => status)).toEqual(['rejected', 'active', 'proposed'])
})
