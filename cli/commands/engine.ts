import { resolve } from 'node:path'
import { Command } from 'commander'
import { createCallVault } from '../../artifacts/create-call-vault.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createRowVault } from '../../artifacts/create-row-vault.ts'
import { createEngine } from '../../engine/create-engine.ts'
import { createEpochCloser } from '../../engine/create-epoch-closer.ts'
import { createEngineMetrics } from '../../engine/engine-metrics.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { connectChain } from '../chain/connect-chain.ts'
import { readDeployment } from '../chain/read-deployment.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runProcess } from '../processes/run-process.ts'
import { serveHealth } from '../processes/serve-health.ts'
import { storePaths } from '../stack/store-paths.ts'

interface Options {
  readonly json?: boolean
  readonly dir?: string
  readonly deployment?: string
  readonly every: number
  readonly minCalls: number
  readonly poll: number
  readonly model: string
}

/** Runs the engine alone. */
export function engineCommand(): Command {
  return new Command('engine')
    .description(
      'run only the engine: takes gradients of new models, attributes calls, closes epochs',
    )
    .option('--every <seconds>', 'shortest time between two epochs', positiveInteger, 3600)
    .option('--min-calls <n>', 'calls that an epoch needs', positiveInteger, 1)
    .option('--poll <seconds>', 'time between two looks at the log', positiveInteger, 5)
    .option('--model <dir>', 'base model in Hugging Face layout', bundledBaseDirectory)
    .option('--dir <dir>', 'data folder (default: .provenant)')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_EVENTSTORE_URL, PROVENANT_CHAIN_ID (or asks PROVENANT_RPC_URL for it),
PROVENANT_ARTIFACTS, PROVENANT_OPERATOR_KEY (opens sealed calls), PROVENANT_PLATFORM_ACCOUNT and PROVENANT_STAKERS_ACCOUNT (who is paid their parts),
PROVENANT_WORKERS and PROVENANT_METRICS_PORT (/health, /ready and /metrics). One engine per chain;
finished segments and calls are not computed again after a restart. It closes epochs and does not
propose them: see "provenant epoch propose".`,
    )
    .action((options: Options) =>
      runProcess(
        'engine',
        options,
        () =>
          readStackConfig(process.env, options.dir, { PROVENANT_DEPLOYMENT: options.deployment }),
        async ({ config, logger, reporter, signal }) => {
          const connectionString = requireSetting(config.eventStoreUrl, 'PROVENANT_EVENTSTORE_URL')
          const operatorKey = requireSetting(config.operatorKey, 'PROVENANT_OPERATOR_KEY')
          const platform = requireSetting(config.platformAccount, 'PROVENANT_PLATFORM_ACCOUNT')
          const stakers = requireSetting(config.stakersAccount, 'PROVENANT_STAKERS_ACCOUNT')
          const chainId =
            config.rpcUrl === undefined
              ? requireSetting(config.chainId, 'PROVENANT_CHAIN_ID')
              : (await connectChain(config.rpcUrl, config.chainId)).chainId
          const { addresses } = await readDeployment(chainId, config.deploymentFile)
          const paths = storePaths(config.artifactsDir)
          const artifacts = createFolderStore(paths.artifacts)
          await using eventLog = createEventLog({ connectionString })
          await using engine = createEngine({
            ...{ artifacts, eventLog, chainId, token: addresses.token, logger },
            rowVault: createRowVault(paths.rows, artifacts),
            callVault: createCallVault(paths.calls, Buffer.from(operatorKey.slice(2), 'hex')),
            accounts: { platform, stakers },
            ...{ baseModelDir: resolve(options.model), workers: config.workers },
          })
          const metrics = createEngineMetrics(chainId)
          const closer = createEpochCloser({
            ...{ engine, eventLog, artifacts, chainId, logger, minCalls: options.minCalls },
            ...{ everyMs: 1000 * options.every, pollMs: 1000 * options.poll },
            onClosed: metrics.closed,
          })
          await using health = await serveHealth({
            ...{ process: 'engine', host: config.host, port: config.ports.metrics },
            status: closer.status,
            ready: () => {
              const { state, lastError } = closer.status()
              if (state === 'idle' || state === 'stopped') return [state]
              return state === 'retrying' ? [lastError ?? state] : []
            },
            metrics: () => metrics.render(closer.status()),
            metricsType: metrics.contentType,
          })
          reporter.result(
            { chainId, healthUrl: health.url },
            `Engine of chain ${chainId}; health at ${health.url}`,
          )
          await closer.run(signal)
        },
      ),
    )
}
