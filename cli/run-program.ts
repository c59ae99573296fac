import { Command, CommanderError } from 'commander'
import { reportError } from './console/run-command.ts'
import { version } from './version.ts'

/** Parses the command line with the given commands and runs the one it names. */
export async function runProgram(commands: readonly Command[]): Promise<void> {
  const program = new Command('provenant')
    .description('The attribution ledger for payable AI.')
    .version(version)
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 2 usage, 3 bad input, 4 conflict, 5 a check failed, 70 bug, 75 try again.\nErrors are explained in docs/errors.md.',
    )
  for (const command of commands) program.addCommand(command)
  process.stdout.on('error', endWithReader)
  try {
    throwInsteadOfExit(program)
    await program.parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else process.exitCode = reportError(error, false)
  }
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride()
  for (const part of command.commands) throwInsteadOfExit(part)
}

/** `provenant … | head` closes the pipe early, which is no fault of the command. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}
