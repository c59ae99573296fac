import { Command } from 'commander'
import { createApi } from '../../api/create-api.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { openChain } from '../processes/open-chain.ts'
import { runProcess } from '../processes/run-process.ts'
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
PROVENANT_API_PORT (0: any free port; /graphql, /health, /ready and /metrics). /ready is 503 while
the database is unreachable, its tables are of another version, or they are more than
PROVENANT_MAX_LAG_BLOCKS (30) behind the node.`,
    )
    .action((options: Options) =>
      runProcess(
        'api',
        options,
        () => readConfig(process.env, { PROVENANT_DEPLOYMENT: options.deployment }),
        async ({ config, logger, reporter, signal }) => {
          const databaseUrl = requireSetting(config.databaseUrl, 'PROVENANT_DATABASE_URL')
          const { chain } = await openChain(config)
          await using api = await createApi({
            ...{ databaseUrl, chainId: chain.chainId, logger },
            ...{ port: config.ports.api, host: config.host, maxLagBlocks: config.maxLagBlocks },
            readNodeHead: () => readNodeHead(chain),
          })
          const healthUrl = new URL('/health', api.url).href
          reporter.result({ url: api.url, healthUrl }, `GraphQL at ${api.url}`)
          await untilStopped(signal)
        },
      ),
    )
}
