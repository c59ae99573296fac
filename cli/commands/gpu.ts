import { resolve } from 'node:path'
import { Command } from 'commander'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createChainModelDirectory } from '../../gateway/create-chain-model-directory.ts'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { createGpuServer } from '../../gpu/server/create-gpu-server.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { createLogger } from '../console/create-logger.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { openChain } from '../processes/open-chain.ts'
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
Reads PROVENANT_HOST and PROVENANT_GPU_PORT (0: any free port). With PROVENANT_RPC_URL it loads the
adapters of all published models from PROVENANT_ARTIFACTS; others load over /v1/load_lora_adapter.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        const config = readStackConfig(process.env, undefined, {
          PROVENANT_DEPLOYMENT: options.deployment,
        })
        const logger = createLogger(config.logLevel)
        await using gpu = await createGpuServer({
          model: { name: 'provenant-base', directory: resolve(options.model) },
          ...{ port: config.ports.gpu, host: config.host, threads: options.threads, logger },
        })
        let adapters: readonly string[] = []
        if (config.rpcUrl !== undefined) {
          const { chain, deployment } = await openChain(config)
          const artifacts = createFolderStore(storePaths(config.artifactsDir).artifacts)
          await using models = createChainModelDirectory({
            ...{ rpcUrl: chain.rpcUrl, deployment, artifacts, logger },
          })
          await models.refresh()
          adapters = await loadServedAdapters({
            ...{ models, artifacts, logger, gpuUrl: gpu.url },
            adaptersDir: adaptersPath(config.dir),
          })
        }
        reporter.result(
          { url: gpu.url, adapters },
          `GPU server at ${gpu.url}/v1 with ${adapters.length} adapters`,
        )
        await untilStopped(signal)
        return 0
      }),
    )
}
