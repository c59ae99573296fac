import { Command } from 'commander'
import { rebuildProjection } from '../../indexer/project/generations/rebuild-projection.ts'
import { runCommand } from '../console/run-command.ts'
import { describeRebuild } from '../projections/describe-rebuild.ts'
import { openProjections } from '../projections/open-projections.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Projects the whole log into new tables beside the live ones. */
export function projectionsRebuildCommand(): Command {
  return new Command('rebuild')
    .description('project the whole log into new tables beside the live ones; resumes if killed')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Uses PROVENANT_DATABASE_URL, PROVENANT_EVENTSTORE_URL and PROVENANT_CHAIN_ID (or PROVENANT_RPC_URL)
if they are set, else the Provenant that runs in --dir. The live tables are read and written
meanwhile. Then: provenant projections swap.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using sources = await openProjections(process.env, options)
        const { databaseUrl, eventLog, chainId } = sources
        const describe = describeRebuild(() => performance.now())
        const result = await rebuildProjection({
          ...{ databaseUrl, eventLog, chainId, signal },
          onProgress: (progress) =>
            reporter.progress(
              'log',
              Number(progress.position),
              Number(progress.target),
              describe(progress),
            ),
        })
        reporter.result(
          result,
          `Generation ${result.generation} (${result.schema}) is at position ${result.position}; ${result.events} events written. Next: provenant projections swap`,
        )
        return 0
      }),
    )
}
