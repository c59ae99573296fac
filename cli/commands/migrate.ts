import { Command } from 'commander'
import { migrate } from '../../indexer/project/migrate.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { runCommand } from '../console/run-command.ts'

interface Options {
  readonly json?: boolean
}

/** Brings the tables of a database up to date. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the tables of PROVENANT_DATABASE_URL up to date')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const { databaseUrl } = readConfig(process.env)
        const ran = await migrate(requireSetting(databaseUrl, 'PROVENANT_DATABASE_URL'))
        reporter.result(
          { ran },
          ran.length === 0 ? 'The tables are up to date.' : `Ran ${ran.join(', ')}.`,
        )
        return 0
      }),
    )
}
