import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import type { IndexerOptions } from '../source/create-indexer.ts'
import { indexChains } from './index-chains.ts'

let one: ChainLab
let two: ChainLab

beforeAll(async () => {
  one = await startChainLab()
  two = await startChainLab({ logOf: one })
})

afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})

const clean = { missing: [], extra: [], duplicates: [] }
const agreed = (lab: ChainLab) =>
  expect.poll(() => lab.compare(), { timeout: 10_000, interval: 50 }).toMatchObject(clean)

const both = (options: Partial<IndexerOptions> = {}) =>
  indexChains({
    pauseMs: 50,
    chains: [
      { chainId: one.chainId, create: () => one.indexer() },
      { chainId: two.chainId, create: () => two.indexer(options) },
    ],
  })

test('two chains go into two streams of one log, reorganisations of both included', async () => {
  for (let i = 0; i < 8; i++) await Promise.all([one.mine(2), two.mine(1)])
  await using indexers = both()
  const run = indexers.run()
  expect(indexers.behind()).toEqual([one.chainId, two.chainId])
  await Promise.all([agreed(one), agreed(two)])
  await expect.poll(() => indexers.behind()).toEqual([])
  await Promise.all([
    one.rpc('anvil_reorg', [3, [[one.datanetTransaction(), 0]]]),
    two.rpc('anvil_reorg', [2, [[two.datanetTransaction(), 0]]]),
  ])
  await Promise.all([agreed(one), agreed(two)])
  for (const lab of [one, two])
    for (const { metadata } of await lab.events()) expect(metadata['chainId']).toBe(lab.chainId)
  const status = indexers.status().map((chain) => [chain.chainId, chain.status.revertedBlocks])
  expect(status).toEqual([
    [one.chainId, 3],
    [two.chainId, 2],
  ])
  await indexers.close()
  await run
})

test('a chain without a node waits for it and does not hold the other one up', async () => {
  await using proxy = await startFaultyRpc({ target: two.rpcUrl, seed: 1, faults: { down: true } })
  const rpcLimits = { backoffMs: 20, patienceMs: 100 }
  await using indexers = both({ rpcUrl: proxy.url, rpcLimits })
  const run = indexers.run()
  await Promise.all([one.mine(2), two.mine(2)])
  await agreed(one)
  await expect
    .poll(() => indexers.status().find((chain) => chain.chainId === two.chainId)?.failure)
    .toBe('NODE_UNAVAILABLE')
  expect(indexers.behind()).toEqual([two.chainId])
  proxy.set({})
  await agreed(two)
  await expect.poll(() => indexers.behind()).toEqual([])
  proxy.set({ down: true })
  await one.mine(2)
  await agreed(one)
  await indexers.close()
  await run
})

test('a chain that cannot be indexed is given up alone; with none left the run fails', async () => {
  const wrong = { chainId: two.chainId + 1, rpcUrl: two.rpcUrl }
  await using indexers = both(wrong)
  const run = indexers.run()
  await one.mine(1)
  await agreed(one)
  await expect.poll(() => indexers.status()[1]?.failure).toBe('WRONG_CHAIN_ID')
  expect(indexers.status()[1]?.status.state).toBe('stopped')
  await indexers.close()
  await run
  await using alone = indexChains({
    chains: [{ chainId: wrong.chainId, create: () => two.indexer(wrong) }],
  })
  await expect(alone.run()).rejects.toMatchObject({ code: 'WRONG_CHAIN_ID' })
})

test('a conflict on one stream fails no append to another over the same client', async () => {
  await using log = createEventLog({ connectionString: one.eventLogUrl })
  const event = (n: number) => ({ id: crypto.randomUUID(), type: 'Probe', data: { n } })
  const appends = Array.from({ length: 40 }, (_, n) =>
    n % 2 === 0
      ? log.append('probe-a', [event(n)], { expectedRevision: 'any' })
      : log.append('probe-b', [event(n)], { expectedRevision: 99n }),
  )
  const ends = await Promise.allSettled(appends)
  const codes = ends.map((end) => (end.status === 'fulfilled' ? 'ok' : end.reason.code))
  expect(codes).toEqual(appends.map((_, n) => (n % 2 === 0 ? 'ok' : 'EVENT_LOG_CONFLICT')))
})
