import { size } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import { atMost, type BenchOutcome } from '../bench-result.ts'
import { createPayers } from './create-payers.ts'
import { feeScenarios } from './fee-scenarios.ts'
import { type Sender, startGasLab } from './gas-lab.ts'
import { measureClaims } from './measure-claims.ts'
import { measureCommitted, measureSettlement } from './measure-committed.ts'
import { measureFaults } from './measure-faults.ts'
import { measurePacked } from './measure-packed.ts'
import { measureRegistries } from './measure-registries.ts'
import { priceCalls } from './price-calls.ts'
import { publishedClaims, publishedRoots } from './published-figures.ts'

/** Larger transactions are not relayed by the nodes of most chains. */
const poolLimit = 128 * 1024

/**
 * Weighs whole transactions on a private anvil with Prague's rules, contracts deployed as in production,
 * and prices them on a rollup of the OP Stack.
 *
 * Trees are real: 10^3 to 10^6 leaves, built here, with the paths that a claimant would send.
 */
export async function runBench(report: (line: string) => void): Promise<BenchOutcome> {
  await using lab = await startGasLab()
  report('registries, deposits, stakes')
  const actions = await measureRegistries(lab)
  const cursor = { nextBlock: 1n, active: 0n, proposed: 0n }
  const { claims, roots } = await measureClaims(lab, cursor, report)
  report('payers')
  const payers = await createPayers(lab, 100)
  report('packed batches')
  const packed = await measurePacked(lab, payers)
  report('committed batches')
  const committed = await measureCommitted(lab)
  const settlements = await measureSettlement(lab, payers)
  const pair = [payers[0], payers[1]] as [Sender, Sender]
  const faults = await measureFaults(lab, cursor, pair, report)

  const claim = last(claims)
  const root = last(roots)
  const packed1000 = one(packed.filter(({ calls, payers: count }) => calls === 1000 && count === 1))
  const packedMany = one(
    packed.filter(({ calls, payers: count }) => calls === 1000 && count === 10),
  )
  const committed1000 = one(committed.filter(({ calls }) => calls === 1000))
  const settlement = last(settlements)
  const batches = Array.from({ length: settlement.batches }, () => committed1000)
  const prices = [
    ...priceCalls('packed call, 1,000 of 1 payer', [packed1000], 1000),
    ...priceCalls('packed call, 1,000 of 10 payers', [packedMany], 1000),
    ...priceCalls('committed call, 1,000, without settlement', [committed1000], 1000),
    ...priceCalls(
      'committed call, 10 × 1,000 of 100 payers, settled',
      [settlement, ...batches],
      10_000,
    ),
    ...priceCalls('claim at 10^6 leaves', [{ gas: claim.later.most, signed: claim.signed }], 1),
    ...priceCalls('proposal of an epoch', [{ gas: root.propose, signed: root.signed }], 1),
  ]
  return {
    results: {
      ...{ claims: claims.map(unsigned), publishedClaims },
      ...{ roots: roots.map(unsigned), publishedRoots },
      ...{ packed: packed.map(unsigned), committed: committed.map(unsigned) },
      ...{ settlements: settlements.map(unsigned), actions: actions.map(unsigned) },
      ...{ faults: faults.map(unsigned), prices, scenarios: feeScenarios.map(plain) },
    },
    goals: [
      atMost('claim-gas-1e6', 74_000, claim.later.most, 'gas'),
      atMost('packed-call-gas-1000', 4300, packed1000.gasPerCall, 'gas'),
      atMost('committed-call-gas-1000', 60, committed1000.gasPerCall, 'gas'),
      atMost('root-gas', 160_000, root.propose + root.activate, 'gas'),
    ],
  }
}

function unsigned<T extends { readonly signed: Hex }>({ signed, ...cost }: T) {
  const signedBytes = size(signed)
  return { ...cost, signedBytes, isRelayed: signedBytes <= poolLimit }
}

function plain(scenario: (typeof feeScenarios)[number]) {
  return Object.fromEntries(
    Object.entries(scenario).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  )
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1)
  if (item === undefined) throw new RangeError('nothing was measured')
  return item
}

function one<T>(items: readonly T[]): T {
  if (items.length !== 1) throw new RangeError(`${items.length} measurements instead of one`)
  return last(items)
}
