import { Command, CommanderError } from 'commander'
import { commandLoaders } from './commands/command-loaders.ts'
import { reportError } from './console/run-command.ts'
import { version } from './version.ts'

const program = new Command('provenant')
  .description('The attribution ledger for payable AI.')
  .version(version)
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 2 usage, 3 bad input, 4 conflict, 5 a check failed, 70 bug, 75 try again.\nErrors are explained in docs/errors.md.',
  )

// Loading everything takes seconds, so a command that is named is loaded alone.
const name = process.argv[2] ?? ''
const named = Object.hasOwn(commandLoaders, name) ? commandLoaders[name] : undefined
for (const load of named === undefined ? Object.values(commandLoaders) : [named])
  program.addCommand(await load())

try {
  throwInsteadOfExit(program)
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportError(error, false)
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride()
  for (const part of command.commands) throwInsteadOfExit(part)
}
