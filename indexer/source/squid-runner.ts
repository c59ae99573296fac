import { EvmBatchProcessor } from '@subsquid/evm-processor'
import { Logger, type LogRecord } from '@subsquid/logger'
import type { RpcClient } from '@subsquid/rpc-client'
import {
  type Database,
  type HotDataSource,
  type PrometheusServer,
  Runner,
  type RunnerConfig,
} from '@subsquid/util-internal-processor-tools'
import type { Hex } from '../../schema/events/event.ts'
import type { BlockSink } from '../store/event-log-database.ts'
import type { ChainNode } from './chain-node.ts'
import { filteredHistory, type SourceBlock } from './filtered-history.ts'
import type { IndexerLogger } from './indexer-logger.ts'

export interface SquidRunnerOptions {
  readonly rpcUrl: string
  readonly node: ChainNode
  readonly addresses: readonly Hex[]
  readonly startBlock: number
  readonly finality: number
  readonly pollMs: number
  readonly database: Database<BlockSink>
  readonly logger: IndexerLogger
  readonly handle: (sink: BlockSink, blocks: readonly SourceBlock[], isHead: boolean) => void
}

/** One run of Squid's processor in this process; over when it fails or is stopped. */
export interface SquidRun {
  /** Rejects with whatever ends the run; ends also after `stop()`. */
  readonly ended: Promise<void>
  stop(): void
}

/** The getters that `EvmBatchProcessor.run()` uses itself before it takes the process over. */
interface ProcessorParts {
  getLogger(): Logger
  getPrometheusServer(): PrometheusServer
  getBatchRequests(): RunnerConfig<unknown, BlockSink>['requests']
  getHotDataSource(): HotDataSource<SourceBlock, unknown>
  getChainRpcClient(): RpcClient
}

/**
 * Starts Squid's runner by hand: `EvmBatchProcessor.run()` ends the process when it is done.
 *
 * The parts are private members of evm-processor 1.27.3; the version is pinned.
 */
export function startSquidRun(options: SquidRunnerOptions): SquidRun {
  const log = new Logger((record) => forward(options.logger, record), 'indexer')
  const prometheus = unservedPrometheus()
  const processor = new EvmBatchProcessor()
    .setRpcEndpoint({ url: options.rpcUrl, retryAttempts: 3, requestTimeout: 20_000 })
    .setRpcDataIngestionSettings({ headPollInterval: options.pollMs })
    .setFinalityConfirmation(options.finality)
    .setBlockRange({ from: options.startBlock })
    .setFields({ log: { transactionHash: true } })
    .addLog({ address: [...options.addresses] })
  const parts = processor as unknown as ProcessorParts
  Object.defineProperty(parts, 'getLogger', { value: () => log })
  Object.defineProperty(parts, 'getPrometheusServer', { value: () => prometheus })
  const runner = new Runner<unknown, BlockSink>({
    database: options.database,
    requests: parts.getBatchRequests(),
    archive: filteredHistory(options),
    hotDataSource: parts.getHotDataSource(),
    allBlocksAreFinal: options.finality === 0,
    prometheus,
    log,
    process: async (sink, batch) =>
      options.handle(sink, batch.blocks as unknown as SourceBlock[], batch.isHead),
  })
  const ended = runner.run().finally(() => {
    parts.getChainRpcClient().close()
    // The status timer of the runner would hold the process for five seconds.
    clearTimeout((runner as unknown as { statusReportTimer?: NodeJS.Timeout }).statusReportTimer)
  })
  return { ended, stop: () => parts.getChainRpcClient().close(new Error('stopped')) }
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
