import { Command } from 'commander'
import { scavenge } from '../../eventlog/client/scavenge.ts'
import { readConfig } from '../config/read-config.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runCommand } from '../console/run-command.ts'
import { readRunState } from '../stack/run-state.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Removes events that nobody can read any more. */
export function eventlogScavengeCommand(): Command {
  return new Command('scavenge')
    .description('remove for good what deletes, tombstones and stream metadata hide')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Asks the server at PROVENANT_EVENTSTORE_URL, ours or an EventStoreDB, and waits; Ctrl-C stops it, and the
next one goes on from there. What it has removed is gone. Streams of facts (chain-, attribution-, epochs-)
lose nothing in our server.`,
    )
    .action((_: Options, command: Command) => {
      // The command above has `--json` too and takes it first.
      const options = command.optsWithGlobals<Options>()
      return runCommand(options, async ({ reporter, signal }) => {
        const connectionString =
          readConfig(process.env).eventStoreUrl ??
          (await readRunState(readStackConfig(process.env, options.dir).dir)).eventLogUrl
        const done = await scavenge({ connectionString, signal })
        const { result, spaceSavedBytes, timeTakenMs } = done
        reporter.result(
          done,
          `Scavenge ${result.toLowerCase()}: ${spaceSavedBytes} bytes in ${timeTakenMs} ms.`,
        )
        return result === 'Failed' ? 1 : 0
      })
    })
}
