import { EvmBatchProcessor } from '@subsquid/evm-processor'
import { Logger, type LogRecord } from '@subsquid/logger'
import type { RpcClient } from '@subsquid/rpc-client'
import {
  type Database,
  type DataSource,
  type HotDataSource,
  type PrometheusServer,
  Runner,
  type RunnerConfig,
} from '@subsquid/util-internal-processor-tools'
import type { Hex } from '../../schema/events/event.ts'
import type { BlockId } from '../store/chain-cursor.ts'
import type { BlockSink } from '../store/event-log-database.ts'
import type { ChainNode } from './chain-node.ts'
import { filteredHistory, type SourceBlock } from './filtered-history.ts'
import type { HeadFeed } from './head-feed.ts'
import type { IndexerLogger } from './indexer-logger.ts'
import { patientGateway } from './patient-gateway.ts'
import { poolRpcClient } from './pool-rpc-client.ts'
import type { RangeStride } from './range-stride.ts'
import { readAhead } from './read-ahead.ts'
import type { RpcPool } from './rpc-pool.ts'

export interface SquidRunnerOptions {
  readonly pool: RpcPool
  readonly node: ChainNode
  readonly heads: HeadFeed
  readonly stride: RangeStride
  /** Base URL of an SQD Network gateway for history. */
  readonly gatewayUrl?: string
  readonly addresses: readonly Hex[]
  readonly startBlock: number
  /** Blocks on top of a final one; with a tag, more than the tag ever lags. */
  readonly confirmations: number
  readonly finalHeight: () => Promise<number>
  /** The last final block of the log. */
  readonly tip: () => BlockId
  readonly pollMs: number
  readonly database: Database<BlockSink>
  readonly logger: IndexerLogger
  readonly signal: AbortSignal
  readonly handle: (sink: BlockSink, blocks: readonly SourceBlock[], isHead: boolean) => void
}

/** The getters that `EvmBatchProcessor.run()` uses itself before it takes the process over. */
interface ProcessorParts {
  getLogger(): Logger
  getPrometheusServer(): PrometheusServer
  getBatchRequests(): RunnerConfig<unknown, BlockSink>['requests']
  getArchiveDataSource(): DataSource<SourceBlock, unknown>
  getHotDataSource(): HotDataSource<SourceBlock, unknown>
  getChainRpcClient(): RpcClient
}

/**
 * Runs Squid's processor by hand until it fails: `EvmBatchProcessor.run()` would end the process.
 *
 * It ends when `signal` aborts its questions and the feed of heads fails.
 *
 * The parts are private members of evm-processor 1.27.3; the version is pinned.
 */
export async function runSquid(options: SquidRunnerOptions): Promise<void> {
  const { pool, heads, confirmations, gatewayUrl } = options
  const log = new Logger((record) => forward(options.logger, record), 'indexer')
  const prometheus = unservedPrometheus()
  const client = poolRpcClient({ pool, heads, signal: options.signal })
  const processor = new EvmBatchProcessor()
    .setFinalityConfirmation(confirmations)
    .setBlockRange({ from: options.startBlock })
    .setFields({ log: { transactionHash: true } })
    .addLog({ address: [...options.addresses] })
  if (gatewayUrl !== undefined) processor.setGateway({ url: gatewayUrl, requestTimeout: 60_000 })
  const parts = processor as unknown as ProcessorParts
  Object.defineProperty(parts, 'getLogger', { value: () => log })
  Object.defineProperty(parts, 'getPrometheusServer', { value: () => prometheus })
  Object.defineProperty(parts, 'getChainRpcClient', { value: () => client })
  const history = filteredHistory(options)
  const hot = parts.getHotDataSource()
  const runner = new Runner<unknown, BlockSink>({
    database: options.database,
    requests: parts.getBatchRequests(),
    ...(gatewayUrl === undefined
      ? {}
      : { archive: patientGateway(parts.getArchiveDataSource(), options.logger) }),
    hotDataSource: {
      ...history,
      getFinalizedBlocks: (requests, stopOnHead) =>
        readAhead(history.getFinalizedBlocks(requests, stopOnHead)),
      processHotBlocks: (requests, state, update) => hot.processHotBlocks(requests, state, update),
    },
    allBlocksAreFinal: confirmations === 0,
    prometheus,
    log,
    process: async (sink, batch) =>
      options.handle(sink, batch.blocks as unknown as SourceBlock[], batch.isHead),
  })
  return runner.run().finally(() => {
    // The status timer of the runner would hold the process for five seconds.
    clearTimeout((runner as unknown as { statusReportTimer?: NodeJS.Timeout }).statusReportTimer)
  })
}

/** Squid's metrics would open a port of their own; ours are in `status()`. */
const unservedPrometheus = (): PrometheusServer =>
  ({
    addRunnerMetrics: () => undefined,
    addChainRpcMetrics: () => undefined,
    setPort: () => undefined,
    serve: () => Promise.resolve({ port: 0, close: () => Promise.resolve() }),
  }) as unknown as PrometheusServer

function forward(logger: IndexerLogger, { level, msg, ...record }: LogRecord): void {
  const facts = { ...record, ...(record.err === undefined ? {} : { err: record.err.message }) }
  const message = msg ?? 'squid'
  if (level >= 4) logger.warn(facts, message)
  else logger.debug(facts, message)
}
