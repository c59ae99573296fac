import { Command } from 'commander'
import { createApi } from '../../api/create-api.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { createLogger } from '../console/create-logger.ts'
import { runCommand } from '../console/run-command.ts'
import { openChain } from '../processes/open-chain.ts'
import { readNodeHead } from '../stack/read-node-head.ts'
import { untilStopped } from '../stack/until-stopped.ts'

interface Options {
  readonly json?: boolean
  readonly deployment?: string
}

/** Runs the GraphQL server alone. */
export function apiCommand(): Command {
  return new Command('api')
    .description('run only the GraphQL server')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads PROVENANT_DATABASE_URL, PROVENANT_RPC_URL, PROVENANT_CHAIN_ID, PROVENANT_HOST and
PROVENANT_API_PORT (0: any free port).`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        const config = readConfig(process.env, { PROVENANT_DEPLOYMENT: options.deployment })
        const databaseUrl = requireSetting(config.databaseUrl, 'PROVENANT_DATABASE_URL')
        const { chain } = await openChain(config)
        await using api = await createApi({
          ...{ databaseUrl, chainId: chain.chainId },
          ...{ port: config.ports.api, host: config.host },
          logger: createLogger(config.logLevel),
          readNodeHead: () => readNodeHead(chain),
        })
        reporter.result({ url: api.url }, `GraphQL at ${api.url}`)
        await untilStopped(signal)
        return 0
      }),
    )
}
