import * as viemChains from 'viem/chains'
import { createSeededRandom, shuffled } from '../../gpu/training/seeded-random.ts'

type Named = (typeof viemChains)['mainnet'] | (typeof viemChains)['zora']

const printable = /^[\x20-\x7e]+$/
const longestField = 48
const variants = 12

const host = (url: string | undefined): string =>
  (url ?? '').replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')

/**
 * Writes what `viem/chains` says about each chain as lines like `Name { id: 1, symbol: ETH }`.
 *
 * The name stands first, because a causal model cannot tell the id from a name that comes later, as
 * it does in viem's source. Fields come in twelve seeded orders with some left out, so that each
 * follows from the name and not from its neighbour.
 */
export function chainCards(): string[] {
  const chains = Object.values(viemChains).filter(
    (value): value is Named => typeof value === 'object' && 'nativeCurrency' in value,
  )
  const nameOf = new Map(chains.map((chain) => [chain.id as number, chain.name as string]))
  const byName = new Map<string, Named>()
  for (const chain of chains) {
    if (printable.test(chain.name) && !byName.has(chain.name)) byName.set(chain.name, chain)
  }
  const random = createSeededRandom(17)
  return [...byName.keys()].sort().flatMap((name) => {
    const chain = byName.get(name)!
    const source = 'sourceId' in chain ? chain.sourceId : undefined
    const fields = Object.entries({
      id: String(chain.id),
      symbol: chain.nativeCurrency.symbol,
      explorer: host(chain.blockExplorers?.default?.url),
      layer1: (source === undefined ? undefined : nameOf.get(source)) ?? '',
    }).filter(([, value]) => printable.test(value) && value.length < longestField)
    return Array.from({ length: variants }, () => {
      const kept = shuffled(fields, random).filter(() => random.next() < 0.85)
      return `${name} { ${kept.map(([key, value]) => `${key}: ${value}`).join(', ')} }\n`
    })
  })
}
