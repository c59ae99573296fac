import { describe, expect, test } from 'vitest'
import { blockTraffic } from '../chain/block-traffic.ts'
import { seededRandom } from '../plan/seeded-random.ts'
import type { ChainFact, NodeLog } from './chain-fact.ts'
import { compareLog, foldLog } from './compare-log.ts'
import { expectFacts } from './expect-facts.ts'
import type { LoggedEvent } from './read-log.ts'

const hashOf = (height: number) => `0x${height.toString(16).padStart(64, '0')}` as const

/** Logs of 30 blocks as a node would give them. */
const logs: readonly NodeLog[] = Array.from({ length: 30 }, (_, i) => i + 1).flatMap((height) =>
  blockTraffic(seededRandom(5, height), height, 6)
    .flatMap(({ to, logs: made }, place) => made.map((log) => ({ to, place, ...log })))
    .map(({ to, place, topics, data }, index) => ({
      ...{ address: to, topics, data, blockHash: hashOf(height) },
      blockNumber: `0x${height.toString(16)}`,
      transactionHash: hashOf(1000 * height + place),
      logIndex: `0x${index.toString(16)}`,
    })),
)
const facts = expectFacts(31_337, logs)

const eventOf = (fact: ChainFact, revision: number, id = `event-${revision}`): LoggedEvent => ({
  ...{ position: revision + 1, revision, id, type: fact.type, data: fact.data },
  metadata: { blockNumber: fact.height, blockHash: fact.blockHash, logIndex: fact.logIndex },
})

const faithful = facts.map((fact, i) => eventOf(fact, i))
const compare = (events: readonly LoggedEvent[]) => compareLog(facts, foldLog(events))
const without = (at: number) => faithful.filter((_, i) => i !== at)
/** The last fact of a kind with its place among all. */
const lastOf = (type: string) => {
  const at = facts.findLastIndex((fact) => fact.type === type)
  return { at, fact: facts[at] as ChainFact, event: faithful[at] as LoggedEvent }
}

test('the traffic has facts of every kind, packed calls and unreadable logs among them', () => {
  expect(new Set(facts.map(({ type }) => type)).size).toBeGreaterThanOrEqual(17)
  expect(facts.length).toBeGreaterThan(logs.length)
})

describe('the comparison', () => {
  test('finds nothing in a faithful log', () => {
    expect(compare(faithful)).toEqual([])
  })

  test.each(['InferenceRecorded', 'UndecodableLog', 'EscrowDeposited'])(
    'finds one lost %s',
    (type) => {
      const { at, fact } = lastOf(type)
      expect(compare(without(at)).join()).toContain(fact.blockHash)
      expect(compare(without(at)).length).toBeGreaterThan(0)
    },
  )

  test('finds an event that is there twice, under the same id or under another', () => {
    const { event } = lastOf('DatanetCreated')
    expect(compare([...faithful, event]).join('\n')).toMatch(/is live twice[\s\S]*the chain lacks/)
    expect(compare([...faithful, { ...event, id: 'another' }])).toMatchObject([
      expect.stringContaining('the chain lacks DatanetCreated'),
    ])
  })

  test('finds an altered field and names it', () => {
    const { at, event } = lastOf('InferenceRecorded')
    const altered = { ...event, data: { ...event.data, fee: '1' } }
    expect(compare(faithful.with(at, altered))).toMatchObject([
      expect.stringContaining('the log says otherwise (fee)'),
    ])
  })

  test('finds a fact under the wrong type, and one in the wrong place', () => {
    const { at, event } = lastOf('ContributionAccepted')
    const retyped = { ...event, type: 'ContributionRejected' }
    expect(compare(faithful.with(at, retyped))).toHaveLength(1)
    const moved = { ...event, metadata: { ...event.metadata, blockNumber: 1 } }
    expect(compare(faithful.with(at, moved))).toMatchObject([
      expect.stringContaining('otherwise (place)'),
    ])
  })

  test('finds a block that was taken back and is on the chain, and one that never was', () => {
    const { fact } = lastOf('ModelRegistered')
    const revert = (hash: string): LoggedEvent => ({
      ...{ position: 0, revision: 0, id: `revert-${hash}`, type: 'BlockReverted' },
      ...{ data: { hash }, metadata: {} },
    })
    const there = facts.filter(({ blockHash }) => blockHash === fact.blockHash)
    expect(compare([...faithful, revert(fact.blockHash)])).toHaveLength(there.length)
    const stale = eventOf({ ...fact, blockHash: hashOf(999) }, 0, 'stale')
    expect(compare([...faithful, stale])).toHaveLength(1)
    expect(compare([...faithful, stale, revert(hashOf(999))])).toEqual([])
  })
})
