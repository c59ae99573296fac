import fc from 'fast-check'
import { concat, encodeAbiParameters, encodePacked, keccak256, parseAbiParameters } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import type { Terms } from '../../schema/events/model.ts'
import type { AttributedCall } from '../../schema/manifests/epoch.ts'
import { shareFee } from '../attribution/share-fee.ts'
import { sumClaims } from '../attribution/sum-claims.ts'
import { commitEpoch } from './commit-epoch.ts'
import type { Balance } from './tally-balances.ts'

const account = (n: number): Hex =>
  `0x${keccak256(`0x${n.toString(16).padStart(4, '0')}`).slice(26)}`
const terms: Terms = {
  pricePer1kIn: '0',
  pricePer1kOut: '0',
  platformBps: 700,
  ownerBps: 1300,
  stakersBps: 1000,
  contributorsBps: 7000,
  retrievalBps: 2500,
}
const claims = (minLength: number) =>
  fc.array(
    fc.record({ account: fc.nat(9).map(account), weight: fc.bigInt({ min: 1n, max: 1000n }) }),
    { minLength, maxLength: 6 },
  )

/** Calls as an epoch holds them: any batches, any fees, a zero fee included. */
const calls: fc.Arbitrary<readonly AttributedCall[]> = fc
  .uniqueArray(
    fc.record({
      batchId: fc.integer({ min: 1, max: 3000 }),
      index: fc.nat(2 ** 32 - 1),
      fee: fc.bigInt({ min: 0n, max: 10n ** 20n }),
      influence: claims(1),
      retrieval: claims(0),
    }),
    { selector: ({ batchId, index }) => `${batchId} ${index}`, minLength: 1, maxLength: 12 },
  )
  .filter((list) => list.some(({ fee }) => fee > 0n))
  .map((list) =>
    list.map(({ batchId, index, fee, ...claimed }) => {
      const influence = sumClaims(claimed.influence)
      const retrieval = sumClaims(claimed.retrieval)
      const shares = shareFee(fee, terms, {
        ...{ platform: account(100), owner: account(3), stakers: account(102) },
        ...{ influence, retrieval, flat: [] },
      })
      const inJson = (weights: typeof influence) =>
        weights.map((entry) => ({ account: entry.account, weight: String(entry.weight) }))
      const hash = keccak256(encodePacked(['uint32', 'uint32'], [batchId, index]))
      return {
        ...{ callId: hash, batchId: String(batchId), index, recordHash: keccak256(hash) },
        ...{ modelId: '1', version: 1, fee: String(fee), queryHash: hash, rule: 'influence' },
        ...{ rows: [], used: [], shares },
        weights: { influence: inJson(influence), retrieval: inJson(retrieval) },
      } as const
    }),
  )
const previous: fc.Arbitrary<readonly Balance[]> = fc.uniqueArray(
  fc.record({
    account: fc.nat(12).map(account),
    cumulative: fc.bigInt({ min: 1n, max: 10n ** 24n }).map(String),
  }),
  { selector: (balance) => balance.account, maxLength: 8 },
)

/** Everything again, by other means: numbers as BigInt keys, string leaves, a recursive tree. */
function naive(before: readonly Balance[], list: readonly AttributedCall[]) {
  const zero: Hex = `0x${'00'.repeat(32)}`
  const fold = (leaves: readonly Hex[]): Hex => {
    const at = (from: number, width: number): Hex => {
      const leaf = leaves[from]
      if (width === 1) return leaf === undefined ? zero : keccak256(concat(['0x00', leaf]))
      const left = at(from, width / 2)
      const right = at(from + width / 2, width / 2)
      return left === zero && right === zero ? zero : keccak256(concat(['0x01', left, right]))
    }
    let width = 1
    while (width < leaves.length) width *= 2
    return at(0, width)
  }
  const key = (call: AttributedCall) => BigInt(call.batchId) * 2n ** 32n + BigInt(call.index)
  const earned = new Map(before.map((b) => [BigInt(b.account), BigInt(b.cumulative)]))
  const credit = new Map<bigint, bigint>()
  for (const call of list) {
    for (const share of call.shares) {
      const who = BigInt(share.account)
      earned.set(who, (earned.get(who) ?? 0n) + BigInt(share.amount))
      const place = who * 2n ** 96n + key(call)
      credit.set(place, (credit.get(place) ?? 0n) + BigInt(share.amount))
    }
  }
  const summed = (entries: ReadonlyMap<bigint, bigint>, bytes: number): readonly Hex[] => {
    let sum = 0n
    return [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, amount]) => {
        const head = name.toString(16).padStart(2 * bytes, '0')
        const leaf = `${head}${encodePacked(['uint128', 'uint128'], [amount, sum]).slice(2)}`
        sum += amount
        return `0x${leaf}` as const
      })
  }
  const struct = parseAbiParameters('(address[], uint128[], address[], uint128[])')
  const callLeaves = [...list]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((call) => {
      const { influence, retrieval } = call.weights
      const weights = encodeAbiParameters(struct, [
        [
          influence.map((w) => w.account),
          influence.map((w) => BigInt(w.weight)),
          retrieval.map((w) => w.account),
          retrieval.map((w) => BigInt(w.weight)),
        ],
      ])
      return encodePacked(
        ['uint96', 'bytes32', 'bytes32'],
        [key(call), call.recordHash, keccak256(weights)],
      )
    })
  return {
    rewards: fold(summed(earned, 20)),
    credits: fold(summed(credit, 32)),
    calls: fold(callLeaves),
  }
}

test('a second computation by other means gives the same three roots', () => {
  fc.assert(
    fc.property(previous, calls, (before, list) => {
      const { trees } = commitEpoch(before, list)
      expect({
        rewards: trees.rewards.root,
        credits: trees.credits.root,
        calls: trees.calls.root,
      }).toEqual(naive(before, list))
    }),
    { numRuns: 60 },
  )
})

test('the credits of an epoch are its fees, and its total is that before plus them', () => {
  fc.assert(
    fc.property(previous, calls, (before, list) => {
      const { leaves, totalEarned } = commitEpoch(before, list)
      const fees = list.reduce((sum, { fee }) => sum + BigInt(fee), 0n)
      const earlier = before.reduce((sum, { cumulative }) => sum + BigInt(cumulative), 0n)
      expect(leaves.credits.reduce((sum, { amount }) => sum + amount, 0n)).toBe(fees)
      expect(totalEarned).toBe(String(earlier + fees))
      expect(leaves.calls).toHaveLength(list.length)
    }),
  )
})

test('the roots depend neither on the order of calls nor on that of balances', () => {
  fc.assert(
    fc.property(previous, calls, fc.infiniteStream(fc.nat()), (before, list, stream) => {
      const numbers = [...stream.take(40)]
      const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
        items
          .map((item, i) => ({ item, at: numbers[i]! }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item)
      expect(commitEpoch(shuffled(before), shuffled(list)).trees).toEqual(
        commitEpoch(before, list).trees,
      )
    }),
    { numRuns: 40 },
  )
})

test('shares that are not the fee are refused', () => {
  const [list] = fc.sample(calls, { numRuns: 1, seed: 7 })
  const wrong = list!.map((call, i) => (i === 0 ? { ...call, fee: `${call.fee}1` } : call))
  expect(() => commitEpoch([], wrong)).toThrow(expect.objectContaining({ code: 'SUM_MISMATCH' }))
  expect(() => commitEpoch([], [])).toThrow(expect.objectContaining({ code: 'EPOCH_EMPTY' }))
})
