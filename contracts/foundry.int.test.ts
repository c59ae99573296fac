import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runForge } from './run-forge.ts'

const minutes = 60_000

const resultSchema = z.record(
  z.string(),
  z.looseObject({
    test_results: z.record(
      z.string(),
      z.looseObject({ status: z.string(), reason: z.string().nullable() }),
    ),
  }),
)

test(
  'the committed ABIs and bytecode are those of the sources',
  async () => {
    const script = join(import.meta.dirname, 'build.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', script, '--check'],
    ])
    expect(stdout).toMatch(/^contracts\/abi is up to date/)
  },
  3 * minutes,
)

test(
  'every Foundry test passes',
  async () => {
    const { stdout, stderr } = await runForge(['test', '--json'])
    const suites = resultSchema.parse(JSON.parse(stdout.trim() === '' ? stderr : stdout))
    const tests = Object.entries(suites).flatMap(([suite, { test_results }]) =>
      Object.entries(test_results).map(([name, result]) => ({ suite, name, ...result })),
    )
    const failed = tests
      .filter(({ status }) => status !== 'Success')
      .map(({ suite, name, status, reason }) => `${suite} ${name}: ${status} ${reason ?? ''}`)
    expect(failed).toEqual([])
    expect(tests.length).toBeGreaterThanOrEqual(90)
    expect(tests.filter(({ name }) => name.startsWith('invariant_')).length).toBeGreaterThan(0)
  },
  5 * minutes,
)
