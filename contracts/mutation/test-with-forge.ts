import { spawn } from 'node:child_process'
import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'
import { findForge } from '../find-forge.ts'

/** What one forge run said. */
export type ForgeVerdict =
  | { readonly kind: 'passed'; readonly tests: number }
  | { readonly kind: 'failed'; readonly test: string }
  | { readonly kind: 'uncompilable'; readonly message: string }
  | { readonly kind: 'timeout' }

export interface ForgeTestOptions {
  readonly root: string
  /** Suites to run, relative to `root`. */
  readonly suites: readonly string[]
  /** Which tests of them, as forge's regular expression. */
  readonly tests: string
  /** Settings of forge, e.g. `FOUNDRY_FUZZ_RUNS`. */
  readonly settings: Readonly<Record<string, string>>
  /** Compile tests against addresses instead of code, so that a changed source leaves them compiled. */
  readonly linked: boolean
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

const resultSchema = z.record(
  z.string(),
  z.looseObject({ test_results: z.record(z.string(), z.looseObject({ status: z.string() })) }),
)

/**
 * Runs some tests of some suites with forge until the first one fails.
 *
 * @throws `INTERRUPTED` when the signal aborts; `INTERNAL` when forge answers what nobody expects.
 */
export async function testWithForge(options: ForgeTestOptions): Promise<ForgeVerdict> {
  const flags = ['test', '--json', '--fail-fast', '--match-test', options.tests]
  flags.push('--match-path', `{${options.suites.join(',')}}`)
  if (options.linked) flags.push('--dynamic-test-linking')
  const run = await spawnForge(flags, options)
  if (options.signal?.aborted) throw new BaseError('INTERRUPTED', { cause: options.signal.reason })
  if (run === undefined) return { kind: 'timeout' }
  const text = `${run.stdout}\n${run.stderr}`
  const json = run.stdout.slice(run.stdout.indexOf('{'), run.stdout.lastIndexOf('}') + 1)
  const results = resultSchema.safeParse(parse(json))
  if (!results.success) {
    const message = /^Error(?: \(\d+\))?: (?!Compiler run failed|Compilation failed).*$/m.exec(
      text,
    )?.[0]
    if (/Compiler run failed|Compilation failed/.test(text))
      return { kind: 'uncompilable', message: message ?? 'unknown' }
    if (/No tests (found|match)/i.test(text)) return { kind: 'passed', tests: 0 }
    throw new BaseError('INTERNAL', { facts: { forge: text.trim().slice(0, 500) } })
  }
  const tests = Object.entries(results.data).flatMap(([suite, { test_results }]) =>
    Object.entries(test_results).map(([name, { status }]) => ({ suite, name, status })),
  )
  const failed = tests.find(({ status }) => status === 'Failure')
  if (failed !== undefined)
    return { kind: 'failed', test: `${failed.suite.split(':').at(-1)}.${failed.name}` }
  return { kind: 'passed', tests: tests.length }
}

async function spawnForge(
  flags: readonly string[],
  { root, settings, timeoutMs, signal }: ForgeTestOptions,
): Promise<{ stdout: string; stderr: string } | undefined> {
  // forge starts the compiler as a child of its own: only its whole process group ends both.
  const child = spawn(findForge(), flags, {
    cwd: root,
    detached: true,
    env: { ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  let late = false
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  const timer = setTimeout(() => {
    late = true
    stop()
  }, timeoutMs)
  signal?.addEventListener('abort', stop)
  try {
    const [stdout, stderr] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      closed,
    ])
    return late ? undefined : { stdout, stderr }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
