import { Command } from 'commander'
import { migrate } from '../../indexer/project/migrate.ts'
import { readChains } from '../config/read-chains.ts'
import { type Config, readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { runCommand } from '../console/run-command.ts'

interface Options {
  readonly json?: boolean
  readonly chains?: string
}

/** Brings the tables of a database up to date. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the tables of PROVENANT_DATABASE_URL up to date')
    .option('--chains <file>', 'the databases of several chains instead (PROVENANT_CHAINS)')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const config = readConfig(process.env, { PROVENANT_CHAINS: options.chains })
        const ran: string[] = []
        for (const databaseUrl of await listDatabases(config))
          ran.push(...(await migrate(databaseUrl)))
        reporter.result(
          { ran },
          ran.length === 0 ? 'The tables are up to date.' : `Ran ${ran.join(', ')}.`,
        )
        return 0
      }),
    )
}

async function listDatabases(config: Config): Promise<readonly string[]> {
  const { chainsFile, databaseUrl } = config
  const chains = chainsFile === undefined ? [] : await readChains(chainsFile, process.env)
  const ofChains = chains.flatMap((chain) => chain.databaseUrl ?? [])
  if (ofChains.length > 0) return ofChains
  return [requireSetting(databaseUrl, 'PROVENANT_DATABASE_URL')]
}
