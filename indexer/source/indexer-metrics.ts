import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Indexer, IndexerStatus } from './create-indexer.ts'

/** Prometheus metrics of one indexer. */
export interface IndexerMetrics {
  readonly contentType: string
  /** An append to the event log, in seconds. */
  appended(seconds: number): void
  /** A reorganisation that undid so many blocks. */
  reorganised(blocks: number): void
  /** A question that a node did not answer. */
  rpcFailed(host: string): void
  render(indexer: Pick<Indexer, 'status'>): Promise<string>
}

/**
 * Creates the metrics of an indexer, with a registry of their own.
 *
 * @param options.now milliseconds since 1970
 */
export function createIndexerMetrics(options: {
  readonly chainId: number
  readonly now?: () => number
}): IndexerMetrics {
  const { now = Date.now } = options
  const registry = new Registry()
  registry.setDefaultLabels({ chain: String(options.chainId) })
  const registers = [registry]
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `provenant_indexer_${name}`, help, registers })
  const counter = (name: string, help: string) =>
    new Counter({ name: `provenant_indexer_${name}`, help, registers })
  const height = gauge('height', 'Newest block whose facts are in the event log')
  const finalized = gauge('finalized_height', 'Newest final block in the event log')
  const head = gauge('node_height', 'Newest block of the node')
  const lagBlocks = gauge('lag_blocks', 'Blocks between the node and the event log')
  const lagSeconds = gauge('lag_seconds', 'Age of the newest block in the event log')
  const rpcErrors = new Counter({
    name: 'provenant_indexer_rpc_errors_total',
    help: 'Questions that a node did not answer',
    labelNames: ['host'],
    registers,
  })
  const rpcUsed = new Gauge({
    name: 'provenant_indexer_rpc_used',
    help: '1 for the RPC host that answered last',
    labelNames: ['host'],
    registers,
  })
  const totals = {
    events: counter('events_total', 'Facts appended since the start'),
    revertedBlocks: counter('reverted_blocks_total', 'Blocks undone since the start'),
    deepReorgs: counter('deep_reorgs_total', 'Reorganisations deeper than finality'),
    undecodableLogs: counter('undecodable_logs_total', 'Logs kept undecoded'),
    restarts: counter('restarts_total', 'Runs that failed and were repeated'),
  } satisfies Partial<Record<keyof IndexerStatus, Counter>>
  const appendSeconds = new Histogram({
    name: 'provenant_indexer_append_seconds',
    help: 'Duration of appends to the event log',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const reorgDepth = new Histogram({
    name: 'provenant_indexer_reorg_depth_blocks',
    help: 'Blocks undone by one reorganisation',
    buckets: [1, 2, 3, 5, 8, 16, 32, 64, 128, 256],
    registers,
  })
  return {
    contentType: registry.contentType,
    appended: (seconds) => appendSeconds.observe(seconds),
    reorganised: (blocks) => reorgDepth.observe(blocks),
    rpcFailed: (host) => rpcErrors.inc({ host }),
    async render(indexer) {
      const status = indexer.status()
      for (const { host } of status.rpcEndpoints ?? [])
        rpcUsed.set({ host }, host === status.rpcHost ? 1 : 0)
      const { nodeHeight } = status
      height.set(status.height)
      finalized.set(status.finalizedHeight)
      if (nodeHeight !== undefined) {
        head.set(nodeHeight)
        lagBlocks.set(Math.max(0, nodeHeight - status.height))
      }
      if (status.timestamp !== undefined)
        lagSeconds.set(Math.max(0, now() / 1000 - status.timestamp))
      for (const [name, total] of Object.entries(totals)) {
        total.reset()
        total.inc(status[name as keyof typeof totals])
      }
      return registry.metrics()
    },
  }
}
