import { expect, test } from 'vitest'
import { createChainsMetrics } from './chains-metrics.ts'
import type { IndexerStatus } from './create-indexer.ts'

const status: IndexerStatus = {
  ...{ state: 'running', height: 90, hash: '0x1', finalizedHeight: 80, events: 7, atHead: true },
  ...{
    eventsPerSecond: 2.5,
    restarts: 1,
    revertedBlocks: 3,
    deepReorgs: 0,
    undecodableLogs: 0,
    disputes: 0,
  },
  ...{ nodeHeight: 100, timestamp: 1000, rpcHost: 'b.test' },
  rpcEndpoints: [
    { host: 'a.test', state: 'failing', height: 95, errors: 2 },
    { host: 'b.test', state: 'ready', height: 100, errors: 0 },
  ],
}

test('lag, errors per host and the host in use are told per chain', async () => {
  const metrics = createChainsMetrics({ now: () => 1_012_000 })
  const five = metrics.of(5)
  metrics.of(6).rpcFailed('a.test')
  five.rpcFailed('a.test')
  five.rpcFailed('a.test')
  five.reorganised(3)
  const text = await metrics.render([
    { chainId: 5, status },
    { chainId: 6, status: { ...status, height: 99, atHead: false } },
  ])
  for (const line of [
    'provenant_indexer_lag_blocks{chain="5"} 10',
    'provenant_indexer_lag_seconds{chain="5"} 12',
    'provenant_indexer_lag_blocks{chain="6"} 1',
    'provenant_indexer_following{chain="5"} 1',
    'provenant_indexer_following{chain="6"} 0',
    'provenant_indexer_events_per_second{chain="5"} 2.5',
    'provenant_indexer_rpc_errors_total{chain="5",host="a.test"} 2',
    'provenant_indexer_rpc_errors_total{chain="6",host="a.test"} 1',
    'provenant_indexer_rpc_used{chain="5",host="a.test"} 0',
    'provenant_indexer_rpc_used{chain="5",host="b.test"} 1',
    'provenant_indexer_reverted_blocks_total{chain="5"} 3',
    'provenant_indexer_reorg_depth_blocks_sum{chain="5"} 3',
  ])
    expect(text).toContain(`${line}\n`)
})
