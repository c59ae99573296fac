import type { Reporter } from '../console/reporter.ts'

/** Runs the stages of a job one after the other and keeps how long each took. */
export interface StageClock {
  /** Seconds per stage so far. */
  readonly seconds: Readonly<Record<string, number>>
  run<T>(name: string, title: string, body: () => Promise<T>): Promise<T>
}

export function createStageClock(reporter: Reporter, signal: AbortSignal): StageClock {
  const seconds: Record<string, number> = {}
  return {
    seconds,
    async run(name, title, body) {
      signal.throwIfAborted()
      reporter.line(`▸ ${title}`)
      const start = performance.now()
      const result = await body()
      const took = (performance.now() - start) / 1000
      seconds[name] = Math.round(((seconds[name] ?? 0) + took) * 100) / 100
      reporter.line(`  done in ${took.toFixed(1)} s`)
      return result
    },
  }
}
