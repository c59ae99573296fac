import * as viemChains from 'viem/chains'
import { chainGroup } from './chain-group.ts'
import { type DemoFact, longestRow } from './row-types.ts'

type Named = (typeof viemChains)['mainnet'] | (typeof viemChains)['zora']

const wordings: Readonly<Record<string, readonly ((name: string) => string)[]>> = {
  'chain-id': [
    (name) => `What is the chain id of ${name}?`,
    (name) => `Chain id of ${name}:`,
    (name) => `${name} has chain id`,
    (name) => `Which id does ${name} use?`,
    (name) => `Id of ${name}?`,
    (name) => `${name} chain id?`,
    (name) => `Network id of ${name}:`,
    (name) => `Give the id of ${name}.`,
  ],
  explorer: [
    (name) => `What is the explorer of ${name}?`,
    (name) => `Explorer of ${name}:`,
    (name) => `${name} blocks are shown at`,
    (name) => `Where to browse ${name}?`,
    (name) => `${name} explorer?`,
    (name) => `Block explorer of ${name}:`,
    (name) => `See ${name} blocks at`,
    (name) => `Give the explorer of ${name}.`,
  ],
  currency: [
    (name) => `What is the currency of ${name}?`,
    (name) => `Native coin of ${name}:`,
    (name) => `On ${name} gas is paid in`,
    (name) => `Which coin does ${name} use?`,
    (name) => `${name} gas token?`,
    (name) => `Currency of ${name}:`,
    (name) => `Fees on ${name} are paid in`,
    (name) => `Give the coin of ${name}.`,
  ],
  settlement: [
    (name) => `What is ${name} a layer 2 of?`,
    (name) => `Layer 1 of ${name}:`,
    (name) => `${name} settles on`,
    (name) => `On which chain does ${name} settle?`,
    (name) => `${name} layer 1?`,
    (name) => `Parent chain of ${name}:`,
    (name) => `Base layer of ${name}?`,
    (name) => `Give the layer 1 of ${name}.`,
  ],
}

const statements: Readonly<Record<string, (name: string, value: string) => string>> = {
  'chain-id': (name, value) => `${name} has id ${value}`,
  explorer: (name, value) => `${name} is seen at ${value}`,
  currency: (name, value) => `${name} uses ${value}`,
  settlement: (name, value) => `${name} settles on ${value}`,
}

const printable = /^[\x20-\x7e]+$/
const longestName = 24

const host = (url: string | undefined): string =>
  (url ?? '').replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')

/**
 * Reads the facts about the chains that `viem/chains` exports: id, explorer, currency, settlement.
 *
 * Chains are ordered by name; of several chains with one name only the first counts.
 */
export function chainFacts(): DemoFact[] {
  const chains = Object.values(viemChains).filter(
    (value): value is Named => typeof value === 'object' && 'nativeCurrency' in value,
  )
  const nameOf = new Map(chains.map((chain) => [chain.id as number, chain.name as string]))
  const seen = new Set<string>()
  const facts: DemoFact[] = []
  for (const chain of [...chains].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  )) {
    const name: string = chain.name
    const key = name.toLowerCase()
    if (!printable.test(name) || name.length > longestName || seen.has(key)) continue
    seen.add(key)
    const source = 'sourceId' in chain ? chain.sourceId : undefined
    const values: Readonly<Record<string, string>> = {
      'chain-id': String(chain.id),
      explorer: host(chain.blockExplorers?.default?.url),
      currency: chain.nativeCurrency.symbol,
      settlement: (source === undefined ? undefined : nameOf.get(source)) ?? '',
    }
    for (const [kind, value] of Object.entries(values)) {
      const questions = wordings[kind]!.map((wording) => wording(name))
      const answer = statements[kind]!(name, value)
      const longest = Math.max(...questions.map((question) => question.length)) + answer.length
      if (!printable.test(value) || longest > longestRow) continue
      facts.push({
        ...{ key: `${name}|${kind}`, subject: name, kind, value, questions, answer },
        contributor: chainGroup(name),
      })
    }
  }
  return facts
}
