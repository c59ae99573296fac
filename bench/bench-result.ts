/** A target with the value of this run; `met` follows from both and is never set by hand. */
export interface BenchGoal {
  readonly name: string
  readonly goal: number
  readonly value: number
  readonly unit: string
  readonly met: boolean
}

/** What one bench gives back to the runner. */
export interface BenchOutcome {
  /** Everything measured, as plain JSON. */
  readonly results: unknown
  readonly goals: readonly BenchGoal[]
}

export const atMost = (name: string, goal: number, value: number, unit: string): BenchGoal => ({
  name,
  goal,
  value,
  unit,
  met: value <= goal,
})

export const atLeast = (name: string, goal: number, value: number, unit: string): BenchGoal => ({
  name,
  goal,
  value,
  unit,
  met: value >= goal,
})
