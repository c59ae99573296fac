import type { BenchGoal } from './bench-result.ts'

/** Renders goals as a table for a person. */
export function renderGoals(goals: readonly BenchGoal[]): string {
  const width = Math.max(4, ...goals.map(({ name }) => name.length))
  return goals
    .map(({ name, goal, value, unit, met }) => {
      const figure = Number.isInteger(value) ? String(value) : value.toFixed(2)
      return `${met ? 'met   ' : 'MISSED'}  ${name.padEnd(width)}  ${figure} ${unit} (goal ${goal})`
    })
    .join('\n')
}
