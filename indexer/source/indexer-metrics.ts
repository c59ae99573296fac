import { type ChainMetrics, createChainsMetrics } from './chains-metrics.ts'
import type { Indexer } from './create-indexer.ts'

/** Prometheus metrics of one indexer. */
export interface IndexerMetrics extends ChainMetrics {
  readonly contentType: string
  render(indexer: Pick<Indexer, 'status'>): Promise<string>
}

/**
 * Creates the metrics of a process that indexes one chain, with a registry of their own.
 *
 * @param options.now milliseconds since 1970
 */
export function createIndexerMetrics(options: {
  readonly chainId: number
  readonly now?: () => number
}): IndexerMetrics {
  const { chainId } = options
  const metrics = createChainsMetrics(options)
  return {
    contentType: metrics.contentType,
    ...metrics.of(chainId),
    render: (indexer) => metrics.render([{ chainId, status: indexer.status() }]),
  }
}
