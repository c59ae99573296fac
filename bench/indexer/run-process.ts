import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stopChild } from '../../cli/services/stop-child.ts'
import { stopOnExit } from '../../cli/services/stop-on-exit.ts'

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number
  /** Processor time it has used, in seconds; undefined where the system does not tell. */
  cpuSeconds(): number | undefined
  /** What it printed so far, for messages. */
  output(): string
  /** Resolves with the first line it prints; rejects when it ends before. */
  readonly firstLine: Promise<string>
  /** Rejects when it ends by itself. */
  readonly ended: Promise<never>
}

export interface ProcessOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a Node process; it is stopped with the returned object. */
export function runProcess(args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  const child = spawn(process.execPath, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  stopOnExit(child, 'SIGKILL')
  let output = ''
  let sawLine: (line: string) => void = () => undefined
  const firstLine = new Promise<string>((resolve) => {
    sawLine = resolve
  })
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-20_000)
    const end = output.indexOf('\n')
    if (end >= 0) sawLine(output.slice(0, end))
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let stopping = false
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => {
      if (!stopping) reject(new Error(`${args.join(' ')} ended with ${code}: ${output}`))
    })
  })
  ended.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    cpuSeconds: () => readCpuSeconds(child.pid ?? 0),
    output: () => output,
    firstLine: Promise.race([firstLine, ended]),
    ended,
    async [Symbol.asyncDispose]() {
      stopping = true
      await stopChild(child, 'SIGTERM', 5000)
    },
  }
}

/** Linux counts in ticks of 10 ms. */
function readCpuSeconds(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return undefined
  }
}
