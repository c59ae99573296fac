import { Command } from 'commander'
import type { TableDifference } from '../../indexer/project/generations/compare-generations.ts'
import { swapGenerations } from '../../indexer/project/generations/swap-generations.ts'
import { runCommand } from '../console/run-command.ts'
import { openProjections } from '../projections/open-projections.ts'

interface Options {
  readonly dir?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** Makes the rebuilt tables the live ones. */
export function projectionsSwapCommand(): Command {
  return new Command('swap')
    .description('make the rebuilt tables the live ones, if they are the same')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--force', 'swap even if the new tables lag behind or differ')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Compares rows and hashes of every table at the same position of the log. A corrected projection makes
tables that differ: read which ones, then use --force. Requests in flight end on the old tables, the
running projector goes on in the new ones. The old tables stay until provenant projections drop.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using sources = await openProjections(process.env, options)
        const { databaseUrl, eventLog, chainId } = sources
        const force = options.force === true
        const result = await swapGenerations({
          ...{ databaseUrl, eventLog, chainId, force, signal },
          onCompared: ({ position, tables, rows, differences }) => {
            reporter.line(`${tables} tables with ${rows} rows compared at position ${position}.`)
            for (const found of differences) reporter.line(describe(found))
          },
        })
        reporter.result(
          result,
          `Generation ${result.live.number} (${result.live.schema}) is live at position ${result.position}; ${result.retired.number} (${result.retired.schema}) is retired.`,
        )
        return 0
      }),
    )
}

const describe = ({ table, live, next }: TableDifference): string =>
  `${table} differs: ${live?.rows ?? 'no'} rows live, ${next?.rows ?? 'no'} rows rebuilt`
