import { createSeededRandom, shuffled } from '../../gpu/training/seeded-random.ts'
import { chainFacts } from '../demo/rows/chain-facts.ts'
import type { DemoFact } from '../demo/rows/row-types.ts'

const variants = 6

const labels: Readonly<Record<string, string>> = {
  'chain-id': 'id',
  explorer: 'explorer',
  currency: 'symbol',
  settlement: 'layer1',
}

/**
 * Writes what `viem/chains` says about each chain in several frames: statements, statements after
 * the name, and records like `Name { id: 1, symbol: ETH }` with fields in seeded orders, some left
 * out.
 *
 * The name stands first, because a causal model cannot tell the id from a name that comes later, as
 * it does in viem's source; and it learns to repeat a name from frames that hold it twice.
 */
export function chainCards(): string[] {
  const random = createSeededRandom(17)
  const chains = new Map<string, DemoFact[]>()
  for (const fact of chainFacts())
    chains.set(fact.subject, [...(chains.get(fact.subject) ?? []), fact])
  return [...chains].flatMap(([name, facts]) => [
    ...facts.flatMap(({ kind, value, answer }) => {
      const about = [`About ${name}. ${answer}\n`, `${name}? ${answer}\n`]
      return [`${answer}\n`, `The ${labels[kind]} of ${name} is ${value}\n`, ...about, ...about]
    }),
    ...Array.from({ length: variants }, () => {
      const kept = shuffled(facts, random).filter(() => random.next() < 0.85)
      return `${name} { ${kept.map(({ kind, value }) => `${labels[kind]}: ${value}`).join(', ')} }\n`
    }),
  ])
}
