import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { runCommand } from '../cli/console/run-command.ts'
import { BaseError } from '../schema/errors.ts'
import type { BenchOutcome } from './bench-result.ts'
import { describeMachine } from './describe-machine.ts'
import { renderGoals } from './render-goals.ts'

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'results')
  .map(({ name }) => name)
  .sort()

const program = new Command('bench')
  .description('Measures speed or cost and compares it with the goals.')
  .argument('<name>', names.join(', '))
  .option('--json', 'print one JSON object')
  .option('--save', 'write it to bench/results/<name>.json as well')
  .addHelpText('after', '\nA missed goal is reported; it does not change the exit code.')
  .action(async (name: string, options: { json?: true; save?: true }) =>
    runCommand(options, async ({ reporter }) => {
      if (!names.includes(name))
        throw new BaseError('BENCH_UNKNOWN', { facts: { bench: name, known: names.join(', ') } })
      const module = (await import(`./${name}/run-bench.ts`)) as {
        runBench(report: (line: string) => void): Promise<BenchOutcome>
      }
      const { results, goals } = await module.runBench((line) => {
        process.stderr.write(`${line}\n`)
      })
      const result = { bench: name, machine: describeMachine(), results, goals }
      const text = `${JSON.stringify(result, null, 2)}\n`
      if (options.save) await writeFile(join(import.meta.dirname, 'results', `${name}.json`), text)
      reporter.result(result, renderGoals(goals))
      return undefined
    }),
  )

await program.parseAsync()
