import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** A `provenant` process with what it has printed so far. */
export interface CliProcess {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Exit code once it has ended. */
  readonly ended: Promise<number | null>
}

/** Starts a `provenant` command as a user would, without the variables of this process. */
export function startCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CliProcess {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('PROVENANT_'))
  const child = spawn(process.execPath, ['--import', loader, main, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

/** Runs a `provenant` command to its end. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const started = startCli(args, environment)
  const code = await started.ended
  return { code, stdout: started.stdout(), stderr: started.stderr() }
}

/** Waits until a lasting command has printed its JSON object; fails when it ends before. */
export async function firstJson<T>({ stdout, stderr, child }: CliProcess): Promise<T> {
  for (;;) {
    try {
      return JSON.parse(stdout()) as T
    } catch {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${stderr()}`)
      await sleep(50)
    }
  }
}
