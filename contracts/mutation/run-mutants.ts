import { BaseError } from '../../schema/errors.ts'
import type { Mutant } from './mutant.ts'
import { type Outcome, type TestMutantOptions, testMutant } from './test-mutant.ts'
import type { Workspace } from './workspace.ts'

/**
 * Tests mutants, one at a time in each workspace.
 *
 * @param onOutcome - Called after each mutant, in the order in which they end.
 * @returns Outcomes in the order of `mutants`.
 */
export async function runMutants(
  mutants: readonly Mutant[],
  workspaces: readonly Workspace[],
  options: TestMutantOptions,
  onOutcome: (mutant: Mutant, outcome: Outcome, done: number) => Promise<void> | void,
): Promise<ReadonlyMap<Mutant, Outcome>> {
  const outcomes = new Map<Mutant, Outcome>()
  let next = 0
  async function work(workspace: Workspace): Promise<void> {
    for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
      if (options.signal?.aborted) throw new BaseError('INTERRUPTED')
      const outcome = await testMutant(workspace, mutant, options)
      outcomes.set(mutant, outcome)
      await onOutcome(mutant, outcome, outcomes.size)
    }
  }
  await Promise.all(workspaces.map(work))
  return new Map(mutants.map((mutant) => [mutant, outcomes.get(mutant) as Outcome]))
}
