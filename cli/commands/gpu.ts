import { resolve } from 'node:path'
import { Command } from 'commander'
import type { Logger } from 'pino'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createChainModelDirectory } from '../../gateway/create-chain-model-directory.ts'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { createGpuServer } from '../../gpu/server/create-gpu-server.ts'
import type { Config } from '../config/read-config.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { positiveInteger } from '../console/option-values.ts'
import { openChain } from '../processes/open-chain.ts'
import { runProcess } from '../processes/run-process.ts'
import { adaptersPath, storePaths } from '../stack/store-paths.ts'
import { untilStopped } from '../stack/until-stopped.ts'
import { loadServedAdapters } from '../training/load-served-adapters.ts'

interface Options {
  readonly json?: boolean
  readonly deployment?: string
  readonly model: string
  readonly threads: number
}

/** Runs the GPU server alone. */
export function gpuCommand(): Command {
  return new Command('gpu')
    .description('run only the GPU server (OpenAI routes, LoRA adapters)')
    .option('--model <dir>', 'base model in Hugging Face layout', bundledBaseDirectory)
    .option('--threads <number>', 'threads of the decoder', positiveInteger, 1)
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_HOST and PROVENANT_GPU_PORT (0: any free port; /v1, /health, /ready and /metrics). With PROVENANT_RPC_URL it loads the
adapters of all published models from PROVENANT_ARTIFACTS; others load over /v1/load_lora_adapter.`,
    )
    .action((options: Options) =>
      runProcess(
        'gpu',
        options,
        () => readStackConfig(process.env, undefined, { PROVENANT_DEPLOYMENT: options.deployment }),
        async ({ config, logger, reporter, signal }) => {
          await using gpu = await createGpuServer({
            model: { name: 'provenant-base', directory: resolve(options.model) },
            ...{ port: config.ports.gpu, host: config.host, threads: options.threads, logger },
          })
          const adapters =
            config.rpcUrl === undefined ? [] : await loadPublished(config, gpu.url, logger)
          reporter.result(
            { url: gpu.url, healthUrl: `${gpu.url}/health`, adapters },
            `GPU server at ${gpu.url}/v1 with ${adapters.length} adapters`,
          )
          await untilStopped(signal)
        },
      ),
    )
}

/** Loads the adapters of all models that the chain says are published. */
async function loadPublished(
  config: Config,
  gpuUrl: string,
  logger: Logger,
): Promise<readonly string[]> {
  const { chain, deployment } = await openChain(config)
  const artifacts = createFolderStore(storePaths(config.artifactsDir).artifacts)
  await using models = createChainModelDirectory({
    ...{ rpcUrl: chain.rpcUrl, deployment, artifacts, logger },
  })
  await models.refresh()
  const adaptersDir = adaptersPath(config.dir)
  return loadServedAdapters({ models, artifacts, logger, gpuUrl, adaptersDir })
}
