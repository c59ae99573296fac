import { BaseError } from '../../schema/errors.ts'

/** Lets a limited number of jobs run at a time, in the order in which they asked. */
export interface Turns {
  /**
   * Runs a job when its turn comes.
   *
   * @throws the signal's reason if it aborts before that; INTERNAL after the end.
   */
  take<Value>(job: () => Promise<Value>, signal?: AbortSignal): Promise<Value>
  /** Refuses what waits and resolves when nothing runs. */
  end(): Promise<void>
}

/**
 * Creates turns for `limit` jobs at a time.
 *
 * Worker threads are never ended in the middle of a task: native code that is interrupted ends the
 * whole process.
 */
export function createTurns(limit: number): Turns {
  const waiting: (() => void)[] = []
  const running = new Set<Promise<unknown>>()
  let ended = false
  const next = () => {
    while (running.size < limit && waiting.length > 0) waiting.shift()!()
  }
  return {
    take(job, signal) {
      return new Promise((resolve, reject) => {
        waiting.push(() => {
          if (ended)
            return reject(new BaseError('INTERNAL', { facts: { reason: 'pool is closed' } }))
          if (signal?.aborted) return reject(signal.reason)
          const work: Promise<unknown> = job()
            .then(resolve, reject)
            .finally(() => {
              running.delete(work)
              next()
            })
          running.add(work)
        })
        next()
      })
    },
    async end() {
      ended = true
      next()
      for (const refuse of waiting.splice(0)) refuse()
      await Promise.allSettled(running)
    },
  }
}
