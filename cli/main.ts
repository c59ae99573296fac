import { Command, CommanderError } from 'commander'
import { auditCommand } from './commands/audit.ts'
import { claimCommand } from './commands/claim.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { epochCommand } from './commands/epoch.ts'
import { inferCommand } from './commands/infer.ts'
import { pretrainCommand } from './commands/pretrain.ts'
import { replayCommand } from './commands/replay.ts'
import { statusCommand } from './commands/status.ts'
import { trainCommand } from './commands/train.ts'
import { upCommand } from './commands/up.ts'
import { uploadCommand } from './commands/upload.ts'
import { reportError } from './console/run-command.ts'

const program = new Command('provenant')
  .description('The attribution ledger for payable AI.')
  .version('0.1.0')
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 2 usage, 3 bad input, 4 conflict, 5 a check failed, 70 bug, 75 try again.\nErrors are explained in docs/errors.md.',
  )
  .exitOverride()

for (const command of [
  demoCommand(),
  upCommand(),
  statusCommand(),
  doctorCommand(),
  pretrainCommand(),
  uploadCommand(),
  trainCommand(),
  inferCommand(),
  epochCommand(),
  claimCommand(),
  auditCommand(),
  replayCommand(),
])
  program.addCommand(command.exitOverride())

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportError(error, false)
}
