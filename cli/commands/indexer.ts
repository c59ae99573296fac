import { Command } from 'commander'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { connectNode } from '../../indexer/source/chain-node.ts'
import { createIndexer } from '../../indexer/source/create-indexer.ts'
import { createIndexerMetrics } from '../../indexer/source/indexer-metrics.ts'
import { nameHosts } from '../../indexer/source/rpc-host.ts'
import { RpcPool } from '../../indexer/source/rpc-pool.ts'
import { BaseError } from '../../schema/errors.ts'
import { readDeployment } from '../chain/read-deployment.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { runProcess } from '../processes/run-process.ts'
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
Reads PROVENANT_RPC_URL (several, comma separated: the first healthy one is asked; http, https, ws
or wss), PROVENANT_RPC_RATE_LIMIT and PROVENANT_RPC_CONCURRENCY (per URL), PROVENANT_GATEWAY_URL
(SQD Network, for history), PROVENANT_CHAIN_ID, PROVENANT_EVENTSTORE_URL, PROVENANT_FINALITY (a
number of blocks, finalized or safe) and PROVENANT_METRICS_PORT (/health, /ready and /metrics).`,
    )
    .action((options: Options) =>
      runProcess(
        'indexer',
        options,
        () => readConfig(process.env, { PROVENANT_DEPLOYMENT: options.deployment }),
        async ({ config, logger, reporter, signal }) => {
          const connectionString = requireSetting(config.eventStoreUrl, 'PROVENANT_EVENTSTORE_URL')
          const { rpcUrls, rpcLimits, sqdGatewayUrl } = config
          const chainId = await readChainId(rpcUrls, config.chainId)
          const deployment = await readDeployment(chainId, config.deploymentFile)
          await using eventLog = createEventLog({ connectionString })
          const metrics = createIndexerMetrics({ chainId })
          await using indexer = createIndexer({
            ...{ rpcUrl: rpcUrls, rpcLimits, chainId, deployment, eventLog, metrics },
            ...(sqdGatewayUrl === undefined ? {} : { gatewayUrl: sqdGatewayUrl }),
            finality: config.chainFinality,
            logger,
          })
          await using health = await serveHealth({
            ...{ process: 'indexer', host: config.host, port: config.ports.metrics },
            status: indexer.status,
            ready: () => indexer.status().state === 'running' && indexer.status().atHead,
            metrics: () => metrics.render(indexer),
            metricsType: metrics.contentType,
          })
          const hosts = nameHosts(rpcUrls)
          reporter.result(
            { chainId, rpcHosts: hosts, healthUrl: health.url },
            `Indexing chain ${chainId} from ${hosts.join(', ')}; health at ${health.url}`,
          )
          await indexer.run(signal)
        },
      ),
    )
}

/** @throws `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`, `CONFIG_INVALID` without any URL */
async function readChainId(urls: readonly string[], expected: number | undefined): Promise<number> {
  if (urls.length === 0) requireSetting(undefined, 'PROVENANT_RPC_URL')
  using pool = new RpcPool({ urls })
  const actual = await connectNode(pool).chainId()
  if (expected === undefined || expected === actual) return actual
  throw new BaseError('WRONG_CHAIN_ID', { facts: { expected, actual } })
}
