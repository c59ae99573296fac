import { Command } from 'commander'
import { projectChains } from '../../indexer/chains/project-chains.ts'
import { createProjector } from '../../indexer/project/create-projector.ts'
import { createProjectorMetrics } from '../../indexer/project/projector-metrics.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { describeChains } from '../processes/describe-chains.ts'
import { listProjections } from '../processes/list-projections.ts'
import { openChainLogs } from '../processes/open-chain-logs.ts'
import { projectingPace } from '../processes/projecting-pace.ts'
import { runProcess } from '../processes/run-process.ts'
import { serveHealth } from '../processes/serve-health.ts'
import { showPace } from '../processes/show-pace.ts'

interface Options {
  readonly json?: boolean
  readonly chains?: string
}

/** Runs the projector alone, of one chain or of several. */
export function projectorCommand(): Command {
  return new Command('projector')
    .description('run only the projector: events become tables')
    .option('--chains <file>', 'several chains (PROVENANT_CHAINS)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_DATABASE_URL, PROVENANT_EVENTSTORE_URL, PROVENANT_CHAIN_ID (or asks
PROVENANT_RPC_URL for it) and PROVENANT_METRICS_PORT (serves /health, /ready and
/metrics).

Several chains are named in a file (see \`provenant indexer --help\`) with a databaseUrl each: a
database holds the tables of one chain.`,
    )
    .action((options: Options) =>
      runProcess(
        'projector',
        options,
        () => readConfig(process.env, { PROVENANT_CHAINS: options.chains }),
        async ({ config, logger, reporter, signal }) => {
          const connectionString = requireSetting(config.eventStoreUrl, 'PROVENANT_EVENTSTORE_URL')
          const chains = await listProjections(config, process.env)
          const chainIds = chains.map(({ chainId }) => chainId)
          const metrics = createProjectorMetrics('read-model')
          await using logs = openChainLogs(connectionString, chainIds)
          await using projectors = projectChains({
            logger,
            chains: chains.map(({ chainId, databaseUrl }) => ({
              chainId,
              create: () =>
                createProjector({
                  ...{ databaseUrl, chainId, eventLog: logs.of(chainId) },
                  ...{ metrics: metrics.of(chainId), logger: logger.child({ chainId }) },
                }),
            })),
          })
          await using health = await serveHealth({
            ...{ process: 'projector', host: config.host, port: config.ports.metrics },
            status: () => describeChains(projectors.status(), chains.length),
            ready: () => projectors.behind().map((chainId) => `chain ${chainId} does not follow`),
            metrics: () =>
              metrics.render(
                projectors
                  .status()
                  .map(({ chainId, status }) => ({ chainId, status, eventLog: logs.of(chainId) })),
              ),
            metricsType: metrics.contentType,
          })
          const [chainId] = chainIds
          reporter.result(
            { ...(chainIds.length === 1 ? { chainId } : { chainIds }), healthUrl: health.url },
            `Projecting chain ${chainIds.join(', ')}; health at ${health.url}`,
          )
          using _line = showPace({
            ...{ read: projectingPace(projectors, logs.of), json: reporter.json },
            ...{ terminal: process.stderr, logger },
          })
          await projectors.run(signal)
        },
      ),
    )
}
