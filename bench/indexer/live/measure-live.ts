import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { startBenchDatabase } from '../bench-services.ts'
import { type BurstChain, startBurstChain } from '../burst-chain.ts'
import { startStack } from '../load/start-stack.ts'
import { type Quantiles, quantiles } from './quantiles.ts'
import { randomGaps } from './random-gaps.ts'
import { type Hops, watchHops } from './watch-hops.ts'

export interface LiveOptions {
  /** Blocks whose latency counts. @default 250 */
  readonly blocks?: number
  /** Further blocks that are followed through log and tables, which costs them time. @default 50 */
  readonly hopBlocks?: number
}

const warmUp = 20
const pollMs = 2

/**
 * Measures the time from a mined block to its row in an answer of GraphQL, with the indexer on a
 * WebSocket and every part a process of its own.
 *
 * The clock starts when the node has answered that the block is mined, and stops when a query over
 * HTTP, put every 2 ms, returns the last row of the block. Each block has one to five events; the
 * gaps between blocks are random, below 400 ms.
 */
export async function measureLive(
  report: (line: string) => void,
  { blocks = 250, hopBlocks = 50 }: LiveOptions = {},
) {
  const loadBefore = loadavg()[0]
  await using chain = await startBurstChain()
  await chain.fill({ blocks: 20, every: 1, perBurst: 10 })
  await using database = await startBenchDatabase()
  await using stack = await startStack({
    ...{ chain, createDatabase: database.create, finality: 10, api: true },
    rpcUrl: chain.url.replace('http', 'ws'),
  })
  const apiUrl = stack.apiUrl ?? ''
  await seen(apiUrl, chain.events)
  const gaps = randomGaps(400)
  const one = async () => {
    await sleep(gaps.next())
    const contribution = await queueBlock(chain, 1 + Math.floor(gaps.next() / 80))
    await chain.rpc('evm_mine')
    return { contribution, mined: performance.now(), minedAt: Date.now() }
  }
  const measure = async () => {
    const { contribution, mined } = await one()
    await seen(apiUrl, contribution)
    return performance.now() - mined
  }
  for (let i = 0; i < warmUp; i++) await Promise.race([measure(), stack.ended])
  const latencies: number[] = []
  for (let i = 1; i <= blocks; i++) {
    latencies.push(await Promise.race([measure(), stack.ended]))
    if (i % 50 === 0) report(`live: ${i} blocks, ${describe(quantiles(latencies))}`)
  }
  const hops: Hops[] = []
  await using watch = await watchHops(stack.logDatabaseUrl, stack.databaseUrl)
  for (let i = 0; i < hopBlocks; i++) {
    const { contribution, minedAt } = await one()
    const [times, visible] = await Promise.all([
      watch.follow(contribution),
      seen(apiUrl, contribution).then(() => Date.now()),
    ])
    hops.push({
      ...{ stamped: times.stamped - minedAt, logged: times.logged - minedAt },
      ...{ projected: times.projected - minedAt, visible: visible - minedAt },
    })
  }
  const { p50, p95, max } = quantiles(latencies)
  report(`live: p50 ${p50} ms, p95 ${p95} ms, worst ${max} ms`)
  const results = {
    ...{ blocks, p50, p95, max, pollMs },
    hops: {
      'mined to append begun': quantiles(hops.map((hop) => hop.stamped)),
      'append begun to committed': quantiles(hops.map((hop) => hop.logged - hop.stamped)),
      'committed to row': quantiles(hops.map((hop) => hop.projected - hop.logged)),
      'row to GraphQL': quantiles(hops.map((hop) => hop.visible - hop.projected)),
    },
    loadAverage: { before: loadBefore, after: loadavg()[0] },
  }
  return { results, p50, p95 }
}

/** Queues about `events` events, at most five, of which the last is a contribution; gives its id. */
async function queueBlock(chain: BurstChain, events: number): Promise<number> {
  const last = (chain.events + events - 1) % 10
  // The first three of ten events are of other kinds: the block ends before or after them.
  const before = events - last - 1
  await chain.queue(last > 2 ? events : before > 0 ? before : events + 3 - last)
  return chain.events
}

async function seen(apiUrl: string, contribution: number): Promise<void> {
  const body = JSON.stringify({ query: `{ contribution(id: ${contribution}) { id } }` })
  for (;;) {
    const response = await fetch(apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const { data } = (await response.json()) as { data?: { contribution: object | null } }
    if (data?.contribution) return
    await sleep(pollMs)
  }
}

const describe = ({ p50, p95 }: Quantiles) => `p50 ${p50} ms, p95 ${p95} ms`
