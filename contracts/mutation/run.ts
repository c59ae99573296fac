#!/usr/bin/env node
import { join } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { readKnownSurvivors } from './known-survivors.ts'
import { moneyCore } from './money-core.ts'
import { mutateContracts } from './mutate-contracts.ts'
import { isGoodEnough } from './mutation-report.ts'
import { renderMutationReport } from './render-mutation-report.ts'

const project = join(import.meta.dirname, '..')

interface Flags {
  readonly json?: true
  readonly only?: string
  readonly sample: number
  readonly seed: string
  readonly jobs: number
  readonly resume?: true
}

const program = new Command('contracts:mutate')
  .description('Puts one mistake at a time into the money core and sees whether a test fails.')
  .option('--json', 'print one JSON object')
  .option('--only <pattern>', 'only mutants whose id (file:line:column:operator) contains this')
  .option('--sample <n>', 'at most so many, evenly over files and operators; 0 for all', count, 72)
  .option('--seed <text>', 'which ones', '1')
  .option('--jobs <n>', 'how many at a time', count, 2)
  .option('--resume', 'keep the outcomes of an interrupted run on the same sources and tests')
  .addHelpText(
    'after',
    '\nExit code 1 if less than 95 % are killed and a survivor is not explained in\ncontracts/mutation/survivors.json. At most half an hour on two cores.',
  )
  .action(mutate)

program.exitOverride()
try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}

async function mutate(flags: Flags): Promise<void> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  // A supervisor may send the same signal to this process and to its parent, which passes it on.
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const { PATH, HOME } = process.env
  const started = performance.now()
  try {
    const report = await mutateContracts({
      project,
      files: moneyCore(join(project, 'src')),
      only: flags.only,
      sample: flags.sample,
      seed: flags.seed,
      jobs: Math.max(1, flags.jobs),
      known: await readKnownSurvivors(),
      store: join(project, 'cache', 'mutation.jsonl'),
      resume: flags.resume === true,
      environment: { ...(PATH && { PATH }), ...(HOME && { HOME }) },
      signal: controller.signal,
      onStep: (text) => process.stderr.write(`${text}\n`),
      onOutcome: ({ id }, { kind }, done, total) => {
        const seconds = (performance.now() - started) / 1000
        const left = Math.round((seconds / done) * (total - done))
        process.stderr.write(`${done}/${total} ${kind} ${id} (${left} s left)\n`)
      },
    })
    const text = flags.json ? JSON.stringify(report, null, 2) : renderMutationReport(report)
    process.stdout.write(`${text}\n`)
    process.exitCode = isGoodEnough(report) ? 0 : 1
  } catch (error) {
    const known = isErrorWithCode(error)
      ? (error as BaseError)
      : new BaseError('INTERNAL', { cause: error })
    if (flags.json) process.stdout.write(`${JSON.stringify({ error: known.toJSON() }, null, 2)}\n`)
    process.stderr.write(`${known.code}: ${known.message}\n`)
    if (known.code === 'INTERNAL' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`)
    process.exitCode = known.exitCode
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number.')
  return Number(text)
}
