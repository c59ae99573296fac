import { Command } from 'commander'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { createProjector } from '../../indexer/project/create-projector.ts'
import { createProjectorMetrics } from '../../indexer/project/projector-metrics.ts'
import { connectChain } from '../chain/connect-chain.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { runProcess } from '../processes/run-process.ts'
import { serveHealth } from '../processes/serve-health.ts'

interface Options {
  readonly json?: boolean
}

/** Runs the projector alone. */
export function projectorCommand(): Command {
  return new Command('projector')
    .description('run only the projector: events become tables')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_DATABASE_URL, PROVENANT_EVENTSTORE_URL, PROVENANT_CHAIN_ID (or asks
PROVENANT_RPC_URL for it) and PROVENANT_METRICS_PORT (serves /health, /ready and
/metrics).`,
    )
    .action((options: Options) =>
      runProcess(
        'projector',
        options,
        () => readConfig(process.env),
        async ({ config, logger, reporter, signal }) => {
          const databaseUrl = requireSetting(config.databaseUrl, 'PROVENANT_DATABASE_URL')
          const connectionString = requireSetting(config.eventStoreUrl, 'PROVENANT_EVENTSTORE_URL')
          const chainId =
            config.rpcUrl === undefined
              ? requireSetting(config.chainId, 'PROVENANT_CHAIN_ID')
              : (await connectChain(config.rpcUrl, config.chainId)).chainId
          await using eventLog = createEventLog({ connectionString })
          const metrics = createProjectorMetrics('read-model')
          await using projector = createProjector({
            ...{ databaseUrl, eventLog, chainId, metrics, logger },
          })
          await using health = await serveHealth({
            ...{ process: 'projector', host: config.host, port: config.ports.metrics },
            status: projector.status,
            ready: () => projector.status().state === 'running' && projector.status().caughtUp,
            metrics: () => metrics.render(projector),
            metricsType: metrics.contentType,
          })
          reporter.result(
            { chainId, healthUrl: health.url },
            `Projecting chain ${chainId}; health at ${health.url}`,
          )
          await projector.run(signal)
        },
      ),
    )
}
