import { expect, test } from 'vitest'
import type { IndexerStatus } from './create-indexer.ts'
import { createIndexerMetrics } from './indexer-metrics.ts'

const status: IndexerStatus = {
  ...{ state: 'running', height: 90, hash: '0x1', finalizedHeight: 80, events: 7, atHead: true },
  ...{ restarts: 1, revertedBlocks: 3, deepReorgs: 0, undecodableLogs: 0 },
  ...{ nodeHeight: 100, timestamp: 1000, rpcHost: 'b.test' },
  rpcEndpoints: [
    { host: 'a.test', state: 'failing', height: 95, errors: 2 },
    { host: 'b.test', state: 'ready', height: 100, errors: 0 },
  ],
}

test('lag, errors per host and the host in use are told', async () => {
  const metrics = createIndexerMetrics({ chainId: 5, now: () => 1_012_000 })
  metrics.rpcFailed('a.test')
  metrics.rpcFailed('a.test')
  metrics.reorganised(3)
  const text = await metrics.render({ status: () => status })
  for (const line of [
    'provenant_indexer_lag_blocks{chain="5"} 10',
    'provenant_indexer_lag_seconds{chain="5"} 12',
    'provenant_indexer_rpc_errors_total{host="a.test",chain="5"} 2',
    'provenant_indexer_rpc_used{host="a.test",chain="5"} 0',
    'provenant_indexer_rpc_used{host="b.test",chain="5"} 1',
    'provenant_indexer_reverted_blocks_total{chain="5"} 3',
    'provenant_indexer_reorg_depth_blocks_sum{chain="5"} 3',
  ])
    expect(text).toContain(`${line}\n`)
})
