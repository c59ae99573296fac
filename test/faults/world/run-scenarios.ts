import type { Scenario } from '../plan/scenario.ts'
import { openLane } from './lane.ts'
import { type Outcome, runScenario } from './run-scenario.ts'

/** A scenario with what became of it. */
export type Result = Scenario & Outcome

export interface RunScenariosOptions {
  readonly scenarios: readonly Scenario[]
  /** How many at a time. */
  readonly jobs: number
  readonly signal: AbortSignal
  /** Told of every step as it begins. */
  readonly onStep?: (text: string) => void
  readonly onOutcome: (result: Result, done: number) => void
}

/** Plays scenarios in lanes; an interrupted run gives what is done and leaves nothing behind. */
export async function runScenarios(options: RunScenariosOptions): Promise<readonly Result[]> {
  const { scenarios, jobs, signal, onOutcome } = options
  const waiting = [...scenarios]
  const results: Result[] = []
  const work = async () => {
    await using lane = openLane()
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (signal.aborted) return
      const outcome = await runScenario(lane, next, signal, options.onStep).catch(
        (error: unknown) => {
          if (signal.aborted) return undefined
          throw error
        },
      )
      if (outcome === undefined) return
      const result = { ...next, ...outcome }
      results.push(result)
      onOutcome(result, results.length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(jobs, scenarios.length) }, work))
  return results.sort((a, b) => a.id - b.id)
}
