import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { createPublicClient, http, parseAbi, type Hex as ViemHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shareFee } from '../engine/attribution/share-fee.ts'
import { splitByWeights, splitFee } from '../schema/codec/split-fee.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Terms } from '../schema/events/model.ts'
import { startTestChain } from '../test/support/chain.ts'
import { runForge } from './run-forge.ts'

const termsType = 'struct Terms { uint128 a; uint128 b; uint16 platformBps; uint16 ownerBps; '
const abi = parseAbi([
  `${termsType}uint16 stakersBps; uint16 contributorsBps; uint16 retrievalBps; uint64 validFrom; }`,
  'struct Payees { address platform; address owner; address stakers; }',
  'struct Weights { address[] influence; uint128[] influenceWeights; address[] retrieval; uint128[] retrievalWeights; }',
  'struct Parts { uint256 platform; uint256 owner; uint256 stakers; uint256 influence; uint256 retrieval; }',
  'function amountsOf(address[] accounts, uint96 fee, Terms terms, Payees payees, Weights weights) pure returns (uint256[])',
  'function partsOf(uint256 fee, Terms terms, bool cited) pure returns (Parts)',
  'function sharesOf(uint256 amount, address[] accounts, uint128[] weights) pure returns (uint256[])',
  'function isWellFormed(uint96 fee, Terms terms, Weights weights) pure returns (bool)',
])

interface Weight {
  readonly account: Hex
  readonly weight: bigint
}

let close: () => Promise<void>
let read: (functionName: string, args: readonly unknown[]) => Promise<unknown>

beforeAll(async () => {
  const [anvil, code] = await Promise.all([startTestChain(), compileHarness()])
  close = anvil.close
  const client = createPublicClient({ transport: http(anvil.url) })
  const callCode = client.readContract as (call: unknown) => Promise<unknown>
  read = (functionName, args) => callCode({ abi, code, functionName, args })
}, 120_000)

afterAll(() => close?.())

const uint = (bits: bigint) => fc.bigInt({ min: 0n, max: (1n << bits) - 1n })

const terms: fc.Arbitrary<Terms> = fc
  .tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), fc.nat(10_000))
  .map(([a, b, c, retrievalBps]) => {
    const [low, middle, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number]
    return {
      pricePer1kIn: '0',
      pricePer1kOut: '0',
      platformBps: low,
      ownerBps: middle - low,
      stakersBps: high - middle,
      contributorsBps: 10_000 - high,
      retrievalBps,
    }
  })

const account = fc
  .oneof(
    fc.bigInt({ min: 1n, max: 12n }),
    fc.bigInt({ min: 1n, max: (1n << 160n) - 1n }),
    fc.constant((1n << 160n) - 1n),
  )
  .map((value): Hex => `0x${value.toString(16).padStart(40, '0')}`)

/** Equal, small and very large weights, so that ties and tiny fractions both occur. */
const weight = fc.oneof(
  fc.constant(1n),
  fc.bigInt({ min: 1n, max: 9n }),
  fc.bigInt({ min: 1n, max: (1n << 128n) - 1n }),
)

const weightsOf = (minLength: number, maxLength: number): fc.Arbitrary<readonly Weight[]> =>
  fc
    .uniqueArray(fc.record({ account, weight }), {
      minLength,
      maxLength,
      selector: (entry) => entry.account,
    })
    .map((entries) => entries.sort((a, b) => (a.account < b.account ? -1 : 1)))

const fee = fc.oneof(uint(96n), fc.bigInt({ min: 0n, max: 30n }))

test('the parts of a fee are the same in TypeScript and in Solidity', async () => {
  await fc.assert(
    fc.asyncProperty(fee, terms, async (amount, split) => {
      expect(await read('partsOf', [amount, solidityTerms(split), true])).toEqual(
        splitFee(amount, split),
      )
    }),
    { numRuns: 150, seed: 1 },
  )
})

test('shares by weight are the same in TypeScript and in Solidity', async () => {
  await fc.assert(
    fc.asyncProperty(fee, weightsOf(1, 24), async (amount, entries) => {
      const accounts = entries.map((entry) => entry.account)
      const weights = entries.map((entry) => entry.weight)
      expect(await read('sharesOf', [amount, accounts, weights])).toEqual(
        splitByWeights(amount, weights),
      )
    }),
    { numRuns: 150, seed: 2 },
  )
})

test('what every account gets of a call is the same in the engine and in Solidity', async () => {
  await fc.assert(
    fc.asyncProperty(
      fee,
      terms,
      fc.record({ platform: account, owner: account, stakers: account }),
      weightsOf(1, 12),
      weightsOf(0, 6),
      async (amount, split, payees, influence, retrieval) => {
        const weights = solidityWeights(influence, retrieval)
        const accounts = [...Object.values(payees), ...weights.influence, ...weights.retrieval]
        const claims = { ...payees, influence, retrieval, flat: [] }
        const due = new Map<Hex, bigint>(accounts.map((entry) => [entry, 0n]))
        for (const share of shareFee(amount, split, claims))
          due.set(share.account, (due.get(share.account) ?? 0n) + BigInt(share.amount))
        const asked = [...due.keys()]
        const amounts = await read('amountsOf', [
          asked,
          amount,
          solidityTerms(split),
          payees,
          weights,
        ])
        expect(amounts).toEqual([...due.values()])
        expect([...due.values()].reduce((sum, part) => sum + part, 0n)).toBe(amount)
        expect(await read('isWellFormed', [amount, solidityTerms(split), weights])).toBe(true)
      },
    ),
    { numRuns: 150, seed: 3 },
  )
})

const solidityTerms = (split: Terms) => ({ ...split, a: 0n, b: 0n, validFrom: 0n })

const solidityWeights = (influence: readonly Weight[], retrieval: readonly Weight[]) => ({
  influence: influence.map((entry) => entry.account),
  influenceWeights: influence.map((entry) => entry.weight),
  retrieval: retrieval.map((entry) => entry.account),
  retrievalWeights: retrieval.map((entry) => entry.weight),
})

/** Compiles the library behind an address, apart from the build that other tests use. */
async function compileHarness(): Promise<ViemHex> {
  const folder = await mkdtemp(join(tmpdir(), 'fee-split-'))
  try {
    const { exitCode, stdout, stderr } = await runForge([
      ...['build', 'test/FeeSplitHarness.sol', '--out', folder, '--cache-path', folder],
    ])
    if (exitCode !== 0) throw new TypeError(`${stdout}${stderr}`)
    const path = join(folder, 'FeeSplitHarness.sol', 'FeeSplitHarness.json')
    const artifact = JSON.parse(await readFile(path, 'utf8')) as {
      bytecode: { object: ViemHex }
    }
    return artifact.bytecode.object
  } finally {
    await rm(folder, { recursive: true })
  }
}
