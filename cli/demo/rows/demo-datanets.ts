import { buildDatanet } from './build-datanet.ts'
import { chainFacts } from './chain-facts.ts'
import { natspecFacts } from './natspec-facts.ts'
import type { DemoDatanet } from './row-types.ts'

/** Decides which facts are uploaded, which are held out and how each is worded. */
export interface DemoDatanetsOptions {
  readonly seed: number
}

/**
 * Reads the rows of the demo from the installed packages `viem` and `@openzeppelin/contracts`.
 *
 * The same seed and the same package versions give the same rows and questions, byte for byte.
 */
export function readDemoDatanets({ seed }: DemoDatanetsOptions): {
  readonly datanets: readonly DemoDatanet[]
} {
  const chains = buildDatanet({
    name: 'evm-chains',
    summary: 'Ids, explorers, currencies and settlement layers of EVM chains, from viem/chains.',
    facts: chainFacts(),
    seed,
    uploaded: { 'chain-id': 120, explorer: 120, currency: 50, settlement: 10 },
    rowsPerFact: 6,
    paraphrases: 160,
    heldOut: 80,
    cheat: { name: 'copycat', role: 'copier', rows: 60 },
  })
  const natspec = buildDatanet({
    name: 'solidity-natspec',
    summary: 'What the contracts, functions, events and errors of OpenZeppelin Contracts are for.',
    facts: natspecFacts(),
    seed: seed + 1,
    uploaded: { '*': 200 },
    rowsPerFact: 6,
    paraphrases: 140,
    heldOut: 70,
    cheat: { name: 'noise-maker', role: 'garbage', rows: 60 },
  })
  return { datanets: [chains, natspec] }
}
