import { Command } from 'commander'
import { tableHashes } from '../../indexer/project/table-hashes.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runCommand } from '../console/run-command.ts'
import { waitForBatches } from '../inference/wait-for-batches.ts'
import { compareReplay } from '../replay/compare-replay.ts'
import { readProposedRoots } from '../replay/read-proposed-roots.ts'
import { replayEverything } from '../replay/replay-everything.ts'
import { connectStack } from '../stack/connect-stack.ts'
import { waitUntilFinal } from '../stack/wait-until-final.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Exit code when the replay came out differently. */
const differenceFound = 5

const patienceMs = 20_000

/** Rebuilds everything from the chain in an empty database and compares. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'rebuild log, tables and roots from chain and artifacts; exit code 5 if they differ',
    )
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Works in a database of its own on the same server, which is dropped at the end. Every closed epoch
must be proposed, because only then the chain knows it. Run it while no calls come in: blocks that
arrive meanwhile count as differences.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, artifacts, state } = stack
        const { databaseUrl, finality } = state
        await waitForBatches(state.gatewayUrl, { patienceMs, signal })
        await waitUntilFinal(stack, signal)
        const proposed = await readProposedRoots(stack)
        const live = await tableHashes(databaseUrl)
        const replayed = await replayEverything({
          ...{ databaseUrl, chain, deployment, artifacts, finality, signal },
          onStep: (step) => reporter.line(`replaying ${step}`),
        })
        const result = compareReplay({ tables: live, roots: proposed }, replayed)
        reporter.result(
          result,
          result.ok
            ? `${result.tables} tables with ${result.rows} rows and ${result.roots} roots came out the same.`
            : result.differences.join('\n'),
        )
        return result.ok ? 0 : differenceFound
      }),
    )
}
