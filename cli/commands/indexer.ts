import { Command } from 'commander'
import { createChainsMetrics } from '../../indexer/source/chains-metrics.ts'
import { nameHosts } from '../../indexer/source/rpc-host.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { describeChains } from '../processes/describe-chains.ts'
import { indexingPace } from '../processes/indexing-pace.ts'
import { listChains } from '../processes/list-chains.ts'
import { openChainIndexers } from '../processes/open-chain-indexers.ts'
import { openChainLogs } from '../processes/open-chain-logs.ts'
import { runProcess } from '../processes/run-process.ts'
import { serveHealth } from '../processes/serve-health.ts'
import { showPace } from '../processes/show-pace.ts'

interface Options {
  readonly json?: boolean
  readonly chains?: string
  readonly deployment?: string
}

/** Runs the indexer alone, of one chain or of several. */
export function indexerCommand(): Command {
  return new Command('indexer')
    .description('run only the indexer: logs of one or several chains become events')
    .option('--chains <file>', 'several chains (PROVENANT_CHAINS)')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_EVENTSTORE_URL, PROVENANT_METRICS_PORT (/health, /ready and /metrics), and for one
chain PROVENANT_RPC_URL (several, comma separated: the first healthy one is asked; http, https, ws or
wss), PROVENANT_RPC_RATE_LIMIT and PROVENANT_RPC_CONCURRENCY (per URL), PROVENANT_GATEWAY_URL (SQD
Network, for history), PROVENANT_CHAIN_ID and PROVENANT_FINALITY (a number of blocks, finalized or
safe).

Several chains are named in a file instead, whose URLs may hold \${VARIABLES} of the environment:
  {"chains": [{"chainId": 1, "rpcUrl": ["https://…"], "deployment": "1.json", "finality": "finalized",
    "gatewayUrl": "https://…", "rateLimit": 50, "concurrency": 10}]}
Only chainId and rpcUrl are needed. A chain that fails does not stop the others.

SIGHUP reads the deployment files again: contracts under "added" are followed from their block on.`,
    )
    .action((options: Options) =>
      runProcess(
        'indexer',
        options,
        () =>
          readConfig(process.env, {
            PROVENANT_CHAINS: options.chains,
            PROVENANT_DEPLOYMENT: options.deployment,
          }),
        async ({ config, logger, reporter, signal }) => {
          const connectionString = requireSetting(config.eventStoreUrl, 'PROVENANT_EVENTSTORE_URL')
          const configs = await listChains(config, process.env)
          const metrics = createChainsMetrics()
          await using logs = openChainLogs(
            connectionString,
            configs.map(({ chainId }) => chainId),
          )
          const opened = await openChainIndexers({ configs, metrics, logger, logOf: logs.of })
          await using indexers = opened.indexers
          // SIGHUP would end the process.
          process.on('SIGHUP', () => void opened.reload())
          await using health = await serveHealth({
            ...{ process: 'indexer', host: config.host, port: config.ports.metrics },
            status: () => describeChains(indexers.status(), configs.length),
            ready: () => indexers.behind().map((chainId) => `chain ${chainId} does not follow`),
            metrics: () => metrics.render(indexers.status()),
            metricsType: metrics.contentType,
          })
          const listed = configs.map(({ chainId, rpcUrls }) => ({
            chainId,
            rpcHosts: nameHosts(rpcUrls),
          }))
          reporter.result(
            listed.length === 1
              ? { ...listed[0], healthUrl: health.url }
              : { chains: listed, healthUrl: health.url },
            `${listed
              .map(
                ({ chainId, rpcHosts }) => `Indexing chain ${chainId} from ${rpcHosts.join(', ')}`,
              )
              .join('\n')}; health at ${health.url}`,
          )
          using _line = showPace({
            ...{ read: indexingPace(indexers), json: reporter.json },
            ...{ terminal: process.stderr, logger },
          })
          await indexers.run(signal)
        },
      ),
    )
}
