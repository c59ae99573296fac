import type { Role } from '../plan/scenario.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

/** Processes that have loaded the product and wait for a part to play. */
export interface WorkerPool extends AsyncDisposable {
  /** Resolves with a process that is idle and has played no other role. */
  take(role: Role): Promise<WorkerProcess>
  /** Gives an idle process back. */
  giveBack(role: Role, worker: WorkerProcess): void
}

/** Scenarios after which a process is replaced, so that none is shaped by a long past. */
const longestService = 25

/** Creates an empty pool. */
export function createWorkerPool(): WorkerPool {
  const idle = new Map<Role, WorkerProcess[]>()
  const services = new WeakMap<WorkerProcess, number>()
  const everyone = new Set<WorkerProcess>()
  let closed = false
  return {
    async take(role) {
      const waiting = idle.get(role)?.pop()
      if (waiting?.alive === true) return waiting
      if (closed) throw new Error('the pool is closed')
      const worker = startWorkerProcess()
      everyone.add(worker)
      worker.gone.then(() => everyone.delete(worker)).catch(() => undefined)
      await worker.next('idle')
      return worker
    },
    giveBack(role, worker) {
      const served = (services.get(worker) ?? 0) + 1
      services.set(worker, served)
      if (closed || served >= longestService) return worker.signal('SIGKILL')
      idle.set(role, [...(idle.get(role) ?? []), worker])
    },
    async [Symbol.asyncDispose]() {
      closed = true
      const all = [...everyone]
      for (const worker of all) worker.signal('SIGKILL')
      await Promise.all(all.map((worker) => worker.gone))
    },
  }
}
