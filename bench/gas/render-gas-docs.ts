import { z } from 'zod'

const range = z.object({ least: z.number(), most: z.number() })
const cost = z.object({ gas: z.number(), bytes: z.number(), isRelayed: z.boolean() })

/** What the page needs of `bench/results/gas.json`. */
const gasResult = z.object({
  machine: z.record(z.string(), z.unknown()),
  goals: z.array(
    z.object({
      name: z.string(),
      goal: z.number(),
      value: z.number(),
      unit: z.string(),
      met: z.boolean(),
    }),
  ),
  results: z.object({
    claims: z.array(
      z.object({
        ...{ leaves: z.number(), depth: z.number(), tenInOne: z.number() },
        ...{ first: range, later: range },
      }),
    ),
    publishedClaims: z.array(
      z.object({
        ...{ leaves: z.number(), claim: z.enum(['first', 'later']), eigenLayer: z.number() },
        ...{ merkl: z.number(), urd: z.number(), uniswap: z.number() },
      }),
    ),
    roots: z.array(z.object({ leaves: z.number(), propose: z.number(), activate: z.number() })),
    publishedRoots: z.object({ eigenLayer: z.number(), merkl: z.number(), urd: z.number() }),
    packed: z.array(cost.extend({ calls: z.number(), payers: z.number(), gasPerCall: z.number() })),
    committed: z.array(cost.extend({ calls: z.number(), gasPerCall: z.number() })),
    settlements: z.array(
      cost.extend({
        ...{ batches: z.number(), calls: z.number(), payers: z.number() },
        ...{ gasPerPayer: z.number(), gasPerCallWithBatches: z.number() },
      }),
    ),
    actions: z.array(z.object({ action: z.string(), firstGas: z.number(), laterGas: z.number() })),
    faults: z.array(cost.extend({ kind: z.number(), fault: z.string() })),
    prices: z.array(
      z.object({
        ...{ item: z.string(), scenario: z.string() },
        ...{ dollars: z.number(), l1Share: z.number() },
      }),
    ),
  }),
})

/** Renders `docs/contracts/gas.md` from the committed result of the bench. */
export function renderGasDocs(value: unknown): string {
  const { goals, results } = gasResult.parse(value)
  return `${[
    '# What the contracts cost',
    'Written by `npx tsx bench/gas/write-gas-docs.ts` from `bench/results/gas.json`; do not edit.\nMeasured with `npm run bench -- gas --save`: whole transactions, gas of the receipt, on anvil with\nPrague’s rules (EIP-7623’s floor for calldata included), contracts deployed as in production.',
    '## Goals',
    goalTable(goals),
    '## Claims',
    'Trees are real, with the paths that a claimant would send. The distributor checks a cap, a pause and a\nrecipient; five accounts are measured at each size. “Later” is the second claim of an account that has\ntokens; the first one writes two new storage slots, which costs about 34,000 more.',
    claimTable(results),
    'Beside other distributors, as the study before this code measured them on one machine with the same\ntoken. None of them caps what a root may pay; Uniswap’s pays once.',
    publishedTable(results),
    '## Roots',
    rootTable(results),
    '## Recording calls',
    'The later batch of the same lanes, as in operation; a lane is a payer and a model. From about 100 calls\nEIP-7623’s floor of 40 gas for each byte decides, so checking every record costs nothing more.\nA batch is not relayed by most nodes when its transaction exceeds 128 KiB: the operator then sends two.',
    packedTable(results),
    'Committed batches carry a root, a data hash and a 33-byte commitment; they count when they are settled.',
    committedTable(results),
    settlementTable(results),
    '## Fault proofs',
    'Against an epoch of 10^6 accounts, 10^5 credits and 2,000 calls. One transaction rejects the epoch,\nslashes the poster and rewards the sender. A false call among 1,000 packed ones needs all their records.',
    faultTable(results),
    '## Everything else',
    actionTable(results),
    '## On a rollup of the OP Stack',
    'Fees by the formulas of Fjord (data; checked bit for bit against the bytecode of Optimism’s\nGasPriceOracle) and Jovian (operator fee). The prices are assumptions: ether at $3,000; scalars 5,227 and\n1,014,213; no operator fee. Quiet: L1 0.5 gwei, L2 0.001 gwei. Mid: 3 and 0.005. Busy: 30 and\n0.05, blobs at 5 gwei; else blobs are at EIP-7918’s floor. The share of L1 is in brackets.',
    priceTable(results),
  ].join('\n\n')}\n`
}

type Result = z.infer<typeof gasResult>
type Results = Result['results']

const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'))
  const body = rows.map((row) =>
    line(row.map((cell) => (typeof cell === 'number' ? number(cell) : cell))),
  )
  return [line(head), line(rule), ...body].join('\n')
}

const goalTable = (goals: Result['goals']) =>
  table(
    ['goal', 'at most', 'measured', ''],
    goals.map(({ name, goal, value, met }) => [`\`${name}\``, goal, value, met ? 'met' : 'missed']),
  )

const claimTable = ({ claims }: Results) =>
  table(
    ['leaves', 'depth', 'first', 'later', 'ten later ones in one transaction'],
    claims.map(({ leaves, depth, first, later, tenInOne }) => [
      ...[number(leaves), depth, first.most, later.most, tenInOne],
    ]),
  )

const publishedTable = ({ publishedClaims, claims }: Results) =>
  table(
    ['leaves', 'EigenLayer', 'Merkl', 'URD', 'Uniswap', 'Provenant'],
    publishedClaims.map(({ leaves, claim, eigenLayer, merkl, urd, uniswap }) => {
      const ours = claims.find((entry) => entry.leaves === leaves)
      return [
        ...[`${number(leaves)}, ${claim} claim`, eigenLayer, merkl, urd, uniswap],
        ours?.[claim].most ?? '',
      ]
    }),
  )

function rootTable({ roots, publishedRoots }: Results): string {
  const { eigenLayer, merkl, urd } = publishedRoots
  const later = roots.at(-1)
  return table(
    ['', 'EigenLayer', 'Merkl', 'URD', 'Provenant, first epoch', 'Provenant, later'],
    [
      [
        ...['submit and activate', eigenLayer, merkl, urd],
        (roots[0]?.propose ?? 0) + (roots[0]?.activate ?? 0),
        `${number((later?.propose ?? 0) + (later?.activate ?? 0))} (${number(later?.propose ?? 0)} + ${number(later?.activate ?? 0)})`,
      ],
    ],
  )
}

const packedTable = ({ packed }: Results) =>
  table(
    ['packed: calls', 'payers', 'gas', 'gas per call', 'calldata bytes', 'relayed'],
    packed.map(({ calls, payers, gas, gasPerCall, bytes, isRelayed }) => [
      ...[number(calls), payers, gas, gasPerCall, bytes, isRelayed ? 'yes' : 'no'],
    ]),
  )

const committedTable = ({ committed }: Results) =>
  table(
    ['committed: calls', 'gas', 'gas per call', 'calldata bytes'],
    committed.map(({ calls, gas, gasPerCall, bytes }) => [number(calls), gas, gasPerCall, bytes]),
  )

const settlementTable = ({ settlements }: Results) =>
  table(
    [
      'settled: batches',
      'calls',
      'payers',
      'gas',
      'gas per payer',
      'gas per call, batches included',
    ],
    settlements.map(({ batches, calls, payers, gas, gasPerPayer, gasPerCallWithBatches }) => [
      ...[number(batches), calls, payers, gas, gasPerPayer, gasPerCallWithBatches],
    ]),
  )

const faultTable = ({ faults }: Results) =>
  table(
    ['kind', 'fault', 'gas', 'calldata bytes'],
    faults.map(({ kind, fault, gas, bytes }) => [String(kind), fault, gas, bytes]),
  )

const actionTable = ({ actions }: Results) =>
  table(
    ['action', 'first', 'later'],
    actions.map(({ action, firstGas, laterGas }) => [action, firstGas, laterGas]),
  )

function priceTable({ prices }: Results): string {
  const items = [...new Set(prices.map(({ item }) => item))]
  const scenarios = [...new Set(prices.map(({ scenario }) => scenario))]
  const cell = (item: string, scenario: string): string => {
    const price = prices.find((entry) => entry.item === item && entry.scenario === scenario)
    return price === undefined
      ? ''
      : `$${price.dollars.toExponential(2)} (${Math.round(100 * price.l1Share)} %)`
  }
  return table(
    ['item', ...scenarios],
    items.map((item) => [item, ...scenarios.map((scenario) => cell(item, scenario))]),
  )
}
