import { Command } from 'commander'
import {
  type GenerationStatus,
  readProjectionsStatus,
} from '../../indexer/project/generations/read-projections-status.ts'
import { runCommand } from '../console/run-command.ts'
import { readDatabaseUrl } from '../projections/read-database-url.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Lists the generations of the tables and the events that the live ones refuse. */
export function projectionsStatusCommand(): Command {
  return new Command('status')
    .description('list the generations of the tables and the events that the live ones refused')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const url = await readDatabaseUrl(process.env, options.dir)
        const status = await readProjectionsStatus(url)
        reporter.result(
          status,
          [
            ...status.generations.map(describe),
            ...status.deadLetters.map(
              ({ type, eventId, stream, revision, sqlstate, message }) =>
                `refused: ${type} ${eventId} (${stream}, revision ${revision}): ${sqlstate} ${message}`,
            ),
          ].join('\n'),
        )
        return 0
      }),
    )
}

const describe = ({ number, schema, state, position, level, deadLetters }: GenerationStatus) =>
  `${number} ${state.padEnd(8)} ${schema} at position ${position}, ${level}, ${deadLetters} dead letters`
