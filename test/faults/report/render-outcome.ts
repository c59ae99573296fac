import type { Result } from '../world/run-scenarios.ts'

/** Says in a line what became of a scenario, and in more of them what went wrong. */
export function renderOutcome(result: Result): string {
  const {
    id,
    kind,
    seed,
    outcome,
    seconds,
    facts,
    revertedBlocks,
    restarts,
    warnings,
    difference,
  } = result
  const figures = `${facts} facts, ${revertedBlocks} reverted, ${restarts} ended, ${warnings} warnings`
  const line = `${outcome === 'skipped' ? 'SKIPPED' : outcome} ${id} ${kind} ${seconds} s, ${figures}`
  if (outcome === 'passed') return line
  const again = `repeat with: npm run test:faults -- --seed ${seed} --scenario ${id}`
  const more = [difference ?? '', ...(result.lines ?? []), ...(outcome === 'failed' ? [again] : [])]
  return [line, ...more].join('\n  ')
}
