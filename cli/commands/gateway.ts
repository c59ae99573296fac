import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { privateKeyToAccount } from 'viem/accounts'
import { createCallVault } from '../../artifacts/create-call-vault.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createRowVault } from '../../artifacts/create-row-vault.ts'
import { createChainModelDirectory } from '../../gateway/create-chain-model-directory.ts'
import { createGateway } from '../../gateway/create-gateway.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { openChain } from '../processes/open-chain.ts'
import { runProcess } from '../processes/run-process.ts'
import { storePaths } from '../stack/store-paths.ts'
import { untilStopped } from '../stack/until-stopped.ts'

interface Options {
  readonly json?: boolean
  readonly dir?: string
  readonly deployment?: string
}

/** Runs the gateway alone. */
export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('run only the gateway: paid answers, recorded on the chain')
    .option('--dir <dir>', 'folder of the journal (default: .provenant)')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_RPC_URL, PROVENANT_CHAIN_ID, PROVENANT_GPU_URL, PROVENANT_OPERATOR_KEY,
PROVENANT_ARTIFACTS, PROVENANT_HOST and PROVENANT_GATEWAY_PORT (0: any free port; /v1, /health, /ready
and /metrics).`,
    )
    .action((options: Options) =>
      runProcess(
        'gateway',
        options,
        () =>
          readStackConfig(process.env, options.dir, { PROVENANT_DEPLOYMENT: options.deployment }),
        async ({ config, logger, reporter, signal }) => {
          const backendUrl = requireSetting(config.gpuUrl, 'PROVENANT_GPU_URL')
          const operatorKey = requireSetting(config.operatorKey, 'PROVENANT_OPERATOR_KEY')
          const { chain, deployment } = await openChain(config)
          const { rpcUrl } = chain
          const paths = storePaths(config.artifactsDir)
          const artifacts = createFolderStore(paths.artifacts)
          const dir = join(config.dir, 'gateway')
          await mkdir(dir, { recursive: true })
          await using models = createChainModelDirectory({ rpcUrl, deployment, artifacts, logger })
          await using gateway = await createGateway({
            ...{ port: config.ports.gateway, host: config.host, dir },
            ...{ rpcUrl, deployment, backendUrl, models, artifacts, logger },
            rowVault: createRowVault(paths.rows, artifacts),
            callVault: createCallVault(paths.calls, Buffer.from(operatorKey.slice(2), 'hex')),
            operator: privateKeyToAccount(operatorKey),
          })
          const healthUrl = `${gateway.url}/health`
          reporter.result({ url: gateway.url, healthUrl }, `Gateway at ${gateway.url}/v1`)
          await untilStopped(signal)
        },
      ),
    )
}
