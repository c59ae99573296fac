import { createHash } from 'node:crypto'
import type { Mutant } from './mutant.ts'

/**
 * Chooses `count` mutants evenly over files and operators.
 *
 * Every (file, operator) pair gives one in turn until there are enough; which one of a pair follows from
 * the seed alone.
 *
 * @returns The chosen ones in the order of `mutants`.
 */
export function chooseMutants(
  mutants: readonly Mutant[],
  count: number,
  seed: string,
): readonly Mutant[] {
  const rank = new Map(mutants.map(({ id }) => [id, draw(seed, id)]))
  const byRank = mutants.toSorted((a, b) => compare(rank.get(a.id), rank.get(b.id)))
  const turns = new Map<string, number>()
  const turnOf = new Map<string, number>()
  for (const { id, file, operator } of byRank) {
    const pair = `${file} ${operator}`
    const turn = turns.get(pair) ?? 0
    turns.set(pair, turn + 1)
    turnOf.set(id, turn)
  }
  const chosen = byRank
    .toSorted((a, b) => (turnOf.get(a.id) ?? 0) - (turnOf.get(b.id) ?? 0))
    .slice(0, count)
  const ids = new Set(chosen.map(({ id }) => id))
  return mutants.filter(({ id }) => ids.has(id))
}

function draw(seed: string, id: string): string {
  return createHash('sha256').update(`${seed}\0${id}`).digest('hex')
}

function compare(a: string | undefined, b: string | undefined): number {
  return String(a) < String(b) ? -1 : 1
}
