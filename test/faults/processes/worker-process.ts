import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Notice, Order } from './role-options.ts'

const script = fileURLToPath(new URL('worker.ts', import.meta.url))
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** A process that can be given orders, and killed. */
export interface WorkerProcess {
  readonly pid: number
  readonly alive: boolean
  /** Resolves as soon as the process is gone. */
  readonly gone: Promise<void>
  /** Exit code or signal, once it is gone. */
  readonly ending: string | undefined
  /** What ended it, if it gave up by itself. */
  readonly failure: Extract<Notice, { notice: 'failed' }> | undefined
  /** Lines it printed since `forget`, all of them warnings. */
  readonly warnings: number
  /** What it printed last. */
  lines(): readonly string[]
  /** Begins a new service: what was printed before is of another scenario. */
  forget(): void
  send(order: Order): void
  /** The next notice of a kind; rejects when the process ends before. */
  next(notice: Notice['notice']): Promise<void>
  signal(signal: NodeJS.Signals): void
}

const keptLines = 60

/** Starts a worker and does not wait for it. */
export function startWorkerProcess(): WorkerProcess {
  const child: ChildProcess = spawn(process.execPath, ['--import', loader, script], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C of a terminal is for the suite, which ends its processes in order.
    detached: true,
  })
  const lines: string[] = []
  let failure: WorkerProcess['failure']
  let warnings = 0
  let waiting: { notice: string; resolve: () => void; reject: (cause: Error) => void }[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const printed = text.split('\n').filter((line) => line !== '')
    warnings += printed.length
    lines.push(...printed)
    lines.splice(0, lines.length - keptLines)
  })
  child.on('message', (message: Notice) => {
    if (message.notice === 'failed') failure = message
    for (const one of waiting.filter(({ notice }) => notice === message.notice)) one.resolve()
    waiting = waiting.filter(({ notice }) => notice !== message.notice)
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const { reject } of waiting) reject(new Error(`process ${child.pid} ended`))
      waiting = []
      resolve()
    })
  })
  const alive = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid ?? 0,
    get alive() {
      return alive()
    },
    gone,
    get warnings() {
      return warnings
    },
    get ending() {
      return child.signalCode ?? (child.exitCode === null ? undefined : `exit ${child.exitCode}`)
    },
    get failure() {
      return failure
    },
    lines: () => [...lines],
    forget() {
      lines.length = 0
      warnings = 0
    },
    send(order) {
      // A process that is on its way out has closed its channel.
      if (alive() && child.connected) child.send(order, () => undefined)
    },
    next: (notice) =>
      alive()
        ? new Promise((resolve, reject) => waiting.push({ notice, resolve, reject }))
        : Promise.reject(new Error(`process ${child.pid} ended`)),
    signal: (signal) => void child.kill(signal),
  }
}
