#!/usr/bin/env node
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Command } from 'commander'
import { readForgeOutput, type SuiteResult } from './read-forge-output.ts'
import { runForge } from './run-forge.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  /** What it printed, if it failed. */
  readonly output: string
}

const require = createRequire(import.meta.url)
const started = performance.now()

const program = new Command('contracts:test')
  .description('Builds the contracts, runs every Foundry test and the static checks.')
  .option('--quick', '1,000 instead of 10,000 runs of each fuzz test, shorter invariant runs')
  .option('--json', 'print one JSON object')
  .addHelpText('after', '\nExit code 1 if anything fails. Needs no network.')
  .action(testContracts)

await program.parseAsync()

async function testContracts(flags: {
  readonly quick?: true
  readonly json?: true
}): Promise<void> {
  const say = (text: string) => (flags.json ? process.stderr : process.stdout).write(`${text}\n`)
  const profile = flags.quick ? 'default' : 'ci'
  const build = await checkBuild()
  sayCheck(build)
  const suites: SuiteResult[] = []
  const foundry = build.ok ? await testFoundry(profile, suites, sayCheck, sayCheckSuite) : []
  const failed = suites.flatMap((suite) => suite.failed)
  const checks = [build, ...foundry]
  const ok = checks.every((check) => check.ok) && failed.length === 0 && suites.length > 0
  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0)
  const seconds = Math.round((performance.now() - started) / 1000)
  if (flags.json) {
    const skipped = suites.reduce((sum, suite) => sum + suite.skipped, 0)
    const result = { ok, profile, suites: suites.length, passed, failed, skipped, checks, seconds }
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  } else {
    for (const { name, output } of checks.filter((check) => !check.ok)) say(`\n${name}:\n${output}`)
    for (const { suite, test, reason } of failed) say(`\nFAILED ${suite} ${test}\n  ${reason}`)
    say(
      `\n${ok ? 'ok' : 'FAILED'}: ${passed} tests passed, ${failed.length} failed in ${suites.length} suites (profile ${profile}, ${seconds} s)`,
    )
  }
  process.exitCode = ok ? 0 : 1

  function sayCheck({ name, ok: good }: Check): void {
    say(`${good ? '✓' : '✗'} ${name}`)
  }

  function sayCheckSuite({ suite, passed: good, failed: bad, duration }: SuiteResult): void {
    const mark = bad.length === 0 ? '✓' : '✗'
    const worst = bad.length === 0 ? '' : `, ${bad.length} failed`
    say(`${mark} ${suite} ${good} passed${worst} ${duration}`)
  }
}

async function testFoundry(
  profile: string,
  suites: SuiteResult[],
  onCheck: (check: Check) => void,
  onSuite: (suite: SuiteResult) => void,
): Promise<readonly Check[]> {
  const read = readForgeOutput((suite) => {
    suites.push(suite)
    onSuite(suite)
  })
  const tests = await runForge(['test'], { environment: inProfile(profile), onLine: read })
  const ran = { name: 'forge test', ok: tests.exitCode === 0, output: tests.stderr.trim() }
  const checks = [ran, await checkFormat(), await checkLint(), await checkSolhint()]
  for (const check of checks) onCheck(check)
  return checks
}

async function checkBuild(): Promise<Check> {
  const script = join(import.meta.dirname, 'build.ts')
  return runNode('forge build, contracts/abi', ['--import', 'tsx', script, '--check'])
}

async function checkFormat(): Promise<Check> {
  const { exitCode, stdout, stderr } = await runForge(['fmt', '--check'])
  return { name: 'forge fmt', ok: exitCode === 0, output: `${stdout}${stderr}`.trim() }
}

// The linter leaves artifacts without bytecode behind, so its profile has folders of its own.
async function checkLint(): Promise<Check> {
  const { exitCode, stdout, stderr } = await runForge(['lint', '--deny', 'warnings'], {
    environment: inProfile('lint'),
  })
  return { name: 'forge lint', ok: exitCode === 0, output: `${stdout}${stderr}`.trim() }
}

async function checkSolhint(): Promise<Check> {
  const script = require.resolve('solhint/solhint.js')
  return runNode('solhint', [
    ...[script, '--disc', '--noPoster', '-w', '0', '-c', '.solhint.json', 'src/**/*.sol'],
  ])
}

function runNode(name: string, flags: readonly string[]): Promise<Check> {
  return new Promise((resolve) => {
    execFile(process.execPath, flags, { cwd: import.meta.dirname }, (error, stdout, stderr) => {
      resolve({ name, ok: error === null, output: `${stdout}${stderr}`.trim() })
    })
  })
}

function inProfile(profile: string): Readonly<Record<string, string>> {
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('FOUNDRY_'))
  return { ...(Object.fromEntries(own) as Record<string, string>), FOUNDRY_PROFILE: profile }
}
