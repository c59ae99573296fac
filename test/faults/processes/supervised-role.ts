import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '../plan/scenario.ts'
import type { RoleOptions } from './role-options.ts'
import type { WorkerPool } from './worker-pool.ts'
import type { WorkerProcess } from './worker-process.ts'

/** A part of the product that is started again whenever it ends, as by a supervisor. */
export interface SupervisedRole {
  readonly role: Role
  /** Resolves when it runs, or after a while. */
  begun(): Promise<void>
  /** Kills it and starts it again after a while. */
  kill(down: Promise<void>): Promise<void>
  freeze(ms: number): Promise<void>
  shiftClock(seconds: number): void
  /** Why it ended by itself, oldest first, with the code of the error first. */
  readonly failures: readonly string[]
  /** Warnings it gave: what it noticed of the faults. */
  readonly warnings: number
  lines(): readonly string[]
  /** Ends it in order. @throws when that takes longer than a supervisor would wait. */
  stop(): Promise<void>
  /** Ends it at once, if it still runs. */
  abandon(): Promise<void>
}

const restartPauseMs = 150
/** What the issue allows between SIGTERM and the end. */
const longestStopMs = 5000

/** Starts a part and keeps it running until `stop`. */
export function superviseRole(pool: WorkerPool, options: RoleOptions): SupervisedRole {
  const { role } = options
  const stopping = new AbortController()
  const failures: string[] = []
  let worker: WorkerProcess | undefined
  let before: readonly string[] = []
  let down: Promise<void> = Promise.resolve()
  let shiftMs = 0
  let started = false
  let warnings = 0
  let killed: WorkerProcess | undefined

  const running = (async () => {
    while (!stopping.signal.aborted) {
      await down
      const next = await pool.take(role)
      worker = next
      next.forget()
      if (stopping.signal.aborted) return
      if (shiftMs !== 0) next.send({ order: 'clock', shiftMs })
      const begun = next.next('started')
      begun.then(
        () => {
          started = true
        },
        () => undefined,
      )
      next.send({ order: 'start', options })
      await Promise.race([next.gone, aborted(stopping.signal)])
      if (stopping.signal.aborted) return
      started = false
      before = [...before, ...next.lines(), `(process ${next.pid} ended)`].slice(-200)
      warnings += next.warnings
      if (next.failure !== undefined) failures.push(`${next.failure.code}: ${next.failure.detail}`)
      else if (next !== killed)
        failures.push(`CRASHED: ${next.ending}\n${next.lines().slice(-8).join('\n')}`)
      worker = undefined
      await sleep(restartPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  running.catch(() => undefined)

  return {
    role,
    async begun() {
      for (let tries = 0; !started && tries < 300; tries++) await sleep(20)
    },
    async kill(until) {
      down = until
      const victim = worker
      killed = victim
      victim?.signal('SIGKILL')
      await victim?.gone
    },
    async freeze(ms) {
      const victim = worker
      victim?.signal('SIGSTOP')
      await sleep(ms)
      victim?.signal('SIGCONT')
    },
    shiftClock(seconds) {
      shiftMs += seconds * 1000
      worker?.send({ order: 'clock', shiftMs })
    },
    failures,
    get warnings() {
      return warnings + (worker?.warnings ?? 0)
    },
    lines: () => [...before, ...(worker?.lines() ?? [])],
    async stop() {
      stopping.abort()
      await running
      const last = worker
      if (last?.alive !== true) return
      // One that never got as far as being asked to end has nothing to put in order.
      if (!started) return last.signal('SIGKILL')
      const idle = last.next('idle').then(() => true)
      last.send({ order: 'stop' })
      const late = sleep(longestStopMs, false, { ref: false })
      if (await Promise.race([idle.catch(() => true), late])) return pool.giveBack(role, last)
      last.signal('SIGKILL')
      throw new Error(`the ${role} did not stop within ${longestStopMs} ms`)
    },
    async abandon() {
      if (stopping.signal.aborted) return
      stopping.abort()
      await running
      worker?.signal('SIGKILL')
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
