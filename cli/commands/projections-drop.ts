import { Command } from 'commander'
import { dropGeneration } from '../../indexer/project/generations/drop-generation.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { readDatabaseUrl } from '../projections/read-database-url.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Drops tables that nobody reads. */
export function projectionsDropCommand(): Command {
  return new Command('drop')
    .description('drop retired tables, or those of an unfinished rebuild')
    .argument('<generation>', 'number of the generation, see status', positiveInteger)
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Live tables are never dropped, retired ones not within 30 s, as long as requests may still read them.`,
    )
    .action((number: number, options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const url = await readDatabaseUrl(process.env, options.dir)
        const { schema } = await dropGeneration(url, number)
        reporter.result({ generation: number, schema }, `Generation ${number} (${schema}) is gone.`)
        return 0
      }),
    )
}
