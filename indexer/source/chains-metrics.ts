import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { IndexerStatus } from './create-indexer.ts'

/** What the indexer of one chain tells while it runs. */
export interface ChainMetrics {
  /** An append to the event log, in seconds. */
  appended(seconds: number): void
  /** A reorganisation that undid so many blocks. */
  reorganised(blocks: number): void
  /** A question that a node did not answer. */
  rpcFailed(host: string): void
}

/** Prometheus metrics of the indexers of one process; each value has the label `chain`. */
export interface ChainsMetrics {
  readonly contentType: string
  of(chainId: number): ChainMetrics
  render(chains: readonly ChainState[]): Promise<string>
}

interface ChainState {
  readonly chainId: number
  readonly status: IndexerStatus
}

const counters = {
  events: ['events_total', 'Facts appended since the start'],
  revertedBlocks: ['reverted_blocks_total', 'Blocks undone since the start'],
  deepReorgs: ['deep_reorgs_total', 'Reorganisations deeper than finality'],
  disputes: ['disputes_total', 'Deep reorganisations that not enough nodes agreed on'],
  undecodableLogs: ['undecodable_logs_total', 'Logs kept undecoded'],
  restarts: ['restarts_total', 'Runs that failed and were repeated'],
} as const satisfies Partial<Record<keyof IndexerStatus, readonly [string, string]>>

/**
 * Creates the metrics of a process's indexers, with a registry of their own.
 *
 * @param options.now milliseconds since 1970
 */
export function createChainsMetrics(options: { readonly now?: () => number } = {}): ChainsMetrics {
  const { now = Date.now } = options
  const registry = new Registry()
  const registers = [registry]
  const labelNames = ['chain'] as const
  const named = (name: string, help: string) => ({ name: `provenant_indexer_${name}`, help })
  const gauge = (name: string, help: string) =>
    new Gauge({ ...named(name, help), labelNames, registers })
  const height = gauge('height', 'Newest block whose facts are in the event log')
  const finalized = gauge('finalized_height', 'Newest final block in the event log')
  const head = gauge('node_height', 'Newest block of the node')
  const lagBlocks = gauge('lag_blocks', 'Blocks between the node and the event log')
  const lagSeconds = gauge('lag_seconds', 'Age of the newest block in the event log')
  const following = gauge('following', '1 while the indexer runs and has seen the head')
  const rate = gauge('events_per_second', 'Facts appended per second in the last ten seconds')
  const rpcErrors = new Counter({
    ...named('rpc_errors_total', 'Questions that a node did not answer'),
    labelNames: [...labelNames, 'host'],
    registers,
  })
  const rpcUsed = new Gauge({
    ...named('rpc_used', '1 for the RPC host that answered last'),
    labelNames: [...labelNames, 'host'],
    registers,
  })
  const totals = Object.entries(counters).map(([key, [name, help]]) => ({
    key: key as keyof typeof counters,
    counter: new Counter({ ...named(name, help), labelNames, registers }),
  }))
  const appendSeconds = new Histogram({
    ...named('append_seconds', 'Duration of appends to the event log'),
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    labelNames,
    registers,
  })
  const reorgDepth = new Histogram({
    ...named('reorg_depth_blocks', 'Blocks undone by one reorganisation'),
    buckets: [1, 2, 3, 5, 8, 16, 32, 64, 128, 256],
    labelNames,
    registers,
  })
  return {
    contentType: registry.contentType,
    of(chainId) {
      const chain = String(chainId)
      reorgDepth.zero({ chain })
      return {
        appended: (seconds) => appendSeconds.observe({ chain }, seconds),
        reorganised: (blocks) => reorgDepth.observe({ chain }, blocks),
        rpcFailed: (host) => rpcErrors.inc({ chain, host }),
      }
    },
    async render(chains) {
      for (const { counter } of totals) counter.reset()
      for (const { chainId, status } of chains) {
        const chain = String(chainId)
        const { nodeHeight } = status
        height.set({ chain }, status.height)
        finalized.set({ chain }, status.finalizedHeight)
        following.set({ chain }, status.state === 'running' && status.atHead ? 1 : 0)
        rate.set({ chain }, status.eventsPerSecond)
        for (const { host } of status.rpcEndpoints ?? [])
          rpcUsed.set({ chain, host }, host === status.rpcHost ? 1 : 0)
        if (nodeHeight !== undefined) {
          head.set({ chain }, nodeHeight)
          lagBlocks.set({ chain }, Math.max(0, nodeHeight - status.height))
        }
        if (status.timestamp !== undefined)
          lagSeconds.set({ chain }, Math.max(0, now() / 1000 - status.timestamp))
        for (const { key, counter } of totals) counter.inc({ chain }, status[key])
      }
      return registry.metrics()
    },
  }
}
