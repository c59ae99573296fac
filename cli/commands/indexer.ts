import { Command } from 'commander'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { createIndexer } from '../../indexer/source/create-indexer.ts'
import { createIndexerMetrics } from '../../indexer/source/indexer-metrics.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { createLogger } from '../console/create-logger.ts'
import { runCommand } from '../console/run-command.ts'
import { openChain } from '../processes/open-chain.ts'
import { serveHealth } from '../processes/serve-health.ts'

interface Options {
  readonly json?: boolean
  readonly deployment?: string
}

/** Runs the indexer alone. */
export function indexerCommand(): Command {
  return new Command('indexer')
    .description('run only the indexer: logs of the chain become events')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_RPC_URL, PROVENANT_CHAIN_ID, PROVENANT_EVENTSTORE_URL, PROVENANT_FINALITY and
PROVENANT_METRICS_PORT (serves /health, /ready and /metrics).`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        const config = readConfig(process.env, { PROVENANT_DEPLOYMENT: options.deployment })
        const connectionString = requireSetting(config.eventStoreUrl, 'PROVENANT_EVENTSTORE_URL')
        const { chain, deployment } = await openChain(config)
        const { rpcUrl, chainId } = chain
        await using eventLog = createEventLog({ connectionString })
        const metrics = createIndexerMetrics({
          chainId,
          readHead: async () =>
            chain.publicClient
              .getBlockNumber()
              .then(Number)
              .catch(() => undefined),
        })
        await using indexer = createIndexer({
          ...{ rpcUrl, chainId, deployment, eventLog, metrics, finality: config.finality },
          logger: createLogger(config.logLevel),
        })
        await using health = await serveHealth({
          ...{ host: config.host, port: config.ports.metrics, status: indexer.status },
          ready: () => indexer.status().state === 'running' && indexer.status().atHead,
          metrics: () => metrics.render(indexer),
          metricsType: metrics.contentType,
        })
        reporter.result(
          { chainId, rpcUrl, healthUrl: health.url },
          `Indexing chain ${chainId} from ${rpcUrl}; health at ${health.url}`,
        )
        await indexer.run(signal)
        return 0
      }),
    )
}
