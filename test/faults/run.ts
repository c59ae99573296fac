#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { kinds } from './plan/kinds.ts'
import { planScenario } from './plan/plan-scenario.ts'
import type { Scenario } from './plan/scenario.ts'
import { renderOutcome } from './report/render-outcome.ts'
import { runScenarios } from './world/run-scenarios.ts'

interface Flags {
  readonly seed?: number
  readonly scenarios: number
  readonly only?: string
  readonly scenario?: number
  readonly json?: true
  readonly jobs: number
}

const program = new Command('test:faults')
  .description('Lets things go wrong and sees whether chain, log and tables agree afterwards.')
  .option('--seed <n>', 'what goes wrong follows from it; the date by default', count)
  .option('--scenarios <n>', 'how many', count, 200)
  .option(
    '--only <kind>',
    `only those of a kind: ${kinds.map(({ name }) => name).join(', ')}`,
    kind,
  )
  .option('--scenario <id>', 'exactly this one, with its steps', count)
  .option('--jobs <n>', 'how many at a time', count, 2)
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    '\nExit code 0 only if all pass. A failure names the command that repeats it.',
  )
  .action(run)

program.exitOverride()
try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}

async function run(flags: Flags): Promise<void> {
  const seed = flags.seed ?? Math.floor(Date.now() / 86_400_000)
  const scenarios = choose(seed, flags)
  if (flags.scenario !== undefined) process.stderr.write(`${JSON.stringify(scenarios[0])}\n`)
  const controller = new AbortController()
  const stop = () => controller.abort(new Error('interrupted'))
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const started = performance.now()
  try {
    const results = await runScenarios({
      scenarios,
      jobs: Math.max(1, flags.jobs),
      signal: controller.signal,
      ...(flags.scenario === undefined ? {} : { onStep: trace(started) }),
      onOutcome: (result, done) => {
        const seconds = (performance.now() - started) / 1000
        const left = Math.round((seconds / done) * (scenarios.length - done))
        process.stderr.write(
          `${done}/${scenarios.length} ${renderOutcome(result)} (${left} s left)\n`,
        )
      },
    })
    const number = (kind: string) => results.filter(({ outcome }) => outcome === kind).length
    const [passed, failed, skipped] = [number('passed'), number('failed'), number('skipped')]
    if (flags.json)
      process.stdout.write(
        `${JSON.stringify({ seed, passed, failed, skipped, scenarios: results }, null, 2)}\n`,
      )
    if (skipped > 0) process.stderr.write(`NOT RUN: ${skipped} SKIPPED on this machine\n`)
    process.stderr.write(
      `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (seed ${seed})\n`,
    )
    process.exitCode = failed === 0 && results.length === scenarios.length ? 0 : 1
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
  if (controller.signal.aborted) process.exitCode = 130
}

function trace(started: number): (text: string) => void {
  return (text) => process.stderr.write(`${Math.round(performance.now() - started)} ms ${text}\n`)
}

function choose(seed: number, flags: Flags): readonly Scenario[] {
  if (flags.scenario !== undefined) return [planScenario(seed, flags.scenario)]
  const all = Array.from({ length: flags.scenarios }, (_, id) => planScenario(seed, id))
  return all.filter(({ kind }) => flags.only === undefined || kind === flags.only)
}

function kind(text: string): string {
  if (!kinds.some(({ name }) => name === text)) throw new InvalidArgumentError('no such kind.')
  return text
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number.')
  return Number(text)
}
