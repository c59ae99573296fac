import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { encodeAbiParameters, encodePacked, keccak256, parseAbiParameters } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../events/event.ts'
import {
  type AccountWeight,
  callKey,
  callLeaf,
  creditLeaf,
  rewardLeaf,
  weightsHash,
} from './epoch-leaves.ts'
import { orderCalls, orderCredits, orderRewards } from './order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from './ordered-merkle-tree.ts'
import {
  packCallLeaves,
  packCreditLeaves,
  packRewardLeaves,
  unpackCallLeaves,
  unpackCreditLeaves,
  unpackRewardLeaves,
} from './pack-epoch-leaves.ts'

const hexOf = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
const account = hexOf(20)
const amount = fc.bigInt({ min: 1n, max: 1n << 110n })
const key = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(([batchId, index]) => callKey(batchId, index))

const balances = fc.uniqueArray(fc.record({ account, cumulative: amount }), {
  selector: (balance) => balance.account,
  minLength: 1,
  maxLength: 30,
})
const credits = fc.uniqueArray(fc.record({ account, callKey: key, amount }), {
  selector: (credit) => `${credit.account}${credit.callKey}`,
  minLength: 1,
  maxLength: 30,
})
const calls = fc.uniqueArray(
  fc.record({ callKey: key, recordHash: hexOf(32), weightsHash: hexOf(32) }),
  { selector: (call) => call.callKey, minLength: 1, maxLength: 30 },
)

test('the bytes of leaves are those of Solidity packed encoding', () => {
  fc.assert(
    fc.property(balances, credits, calls, (b, c, k) => {
      for (const leaf of orderRewards(b)) {
        expect(rewardLeaf(leaf)).toBe(
          encodePacked(
            ['address', 'uint128', 'uint128'],
            [leaf.account, leaf.cumulative, leaf.before],
          ),
        )
      }
      for (const leaf of orderCredits(c)) {
        expect(creditLeaf(leaf)).toBe(
          encodePacked(
            ['address', 'uint96', 'uint128', 'uint128'],
            [leaf.account, leaf.callKey, leaf.amount, leaf.before],
          ),
        )
      }
      for (const leaf of orderCalls(k)) {
        expect(callLeaf(leaf)).toBe(
          encodePacked(
            ['uint96', 'bytes32', 'bytes32'],
            [leaf.callKey, leaf.recordHash, leaf.weightsHash],
          ),
        )
      }
    }),
    { numRuns: 40 },
  )
})

test('leaves ascend strictly and `before` is the sum of what is before', () => {
  fc.assert(
    fc.property(balances, credits, calls, (b, c, k) => {
      const rewards = orderRewards(b)
      rewards.forEach((leaf, i) => {
        if (i > 0) expect(BigInt(leaf.account) > BigInt(rewards[i - 1]!.account)).toBe(true)
        expect(leaf.before).toBe(
          rewards.slice(0, i).reduce((sum, { cumulative }) => sum + cumulative, 0n),
        )
      })
      const ordered = orderCredits(c)
      const place = (leaf: (typeof ordered)[number]) => (BigInt(leaf.account) << 96n) | leaf.callKey
      ordered.forEach((leaf, i) => {
        if (i > 0) expect(place(leaf) > place(ordered[i - 1]!)).toBe(true)
        expect(leaf.before).toBe(ordered.slice(0, i).reduce((sum, l) => sum + l.amount, 0n))
      })
      orderCalls(k).forEach((leaf, i, all) => {
        if (i > 0) expect(leaf.callKey > all[i - 1]!.callKey).toBe(true)
      })
    }),
    { numRuns: 40 },
  )
})

test('the root does not depend on the order in which leaves are given', () => {
  fc.assert(
    fc.property(balances, credits, calls, (b, c, k) => {
      const roots = (flip: boolean) => {
        const turn = <Item>(items: readonly Item[]) => (flip ? [...items].reverse() : items)
        return [
          packRewardLeaves(orderRewards(turn(b))),
          packCreditLeaves(orderCredits(turn(c))),
          packCallLeaves(orderCalls(turn(k))),
        ].map((packed) => buildOrderedMerkleTree(packed).root)
      }
      expect(roots(true)).toEqual(roots(false))
    }),
    { numRuns: 20 },
  )
})

test('unpacking gives the packed leaves, in any order', () => {
  fc.assert(
    fc.property(balances, credits, calls, (b, c, k) => {
      const rewards = [...orderRewards(b)].reverse()
      expect(unpackRewardLeaves(packRewardLeaves(rewards).bytes)).toEqual(rewards)
      const creditLeaves = orderCredits(c)
      expect(unpackCreditLeaves(packCreditLeaves(creditLeaves).bytes)).toEqual(creditLeaves)
      expect(unpackCallLeaves(packCallLeaves(k).bytes)).toEqual(k)
    }),
    { numRuns: 30 },
  )
  expect(() => unpackCallLeaves(new Uint8Array(75))).toThrow(
    expect.objectContaining({ code: 'MANIFEST_INVALID' }),
  )
})

test('weights hash as the ABI encoding of the Solidity struct', () => {
  const weights: fc.Arbitrary<readonly AccountWeight[]> = fc.array(
    fc.record({ account, weight: amount }),
    { maxLength: 8 },
  )
  const struct = parseAbiParameters([
    'CallWeights weights',
    'struct CallWeights { address[] influence; uint128[] influenceWeights; address[] retrieval; uint128[] retrievalWeights; }',
  ])
  fc.assert(
    fc.property(weights, weights, (influence, retrieval) => {
      const encoded = encodeAbiParameters(struct, [
        {
          influence: influence.map((w) => w.account),
          influenceWeights: influence.map((w) => w.weight),
          retrieval: retrieval.map((w) => w.account),
          retrievalWeights: retrieval.map((w) => w.weight),
        },
      ])
      expect(weightsHash({ influence, retrieval })).toBe(keccak256(encoded))
    }),
    { numRuns: 40 },
  )
})

test('duplicates, empty leaves, uppercase addresses and numbers out of range are refused', () => {
  const alice: Hex = `0x${'0a'.repeat(20)}`
  const one = { account: alice, cumulative: 1n }
  expect(() => orderRewards([one, one])).toThrow('twice')
  expect(() => orderRewards([{ ...one, cumulative: 0n }])).toThrow(RangeError)
  const credit = { account: alice, callKey: 1n, amount: 1n }
  expect(() => orderCredits([credit, credit])).toThrow('twice')
  const call = { callKey: 1n, recordHash: keccak256('0x'), weightsHash: keccak256('0x') }
  expect(() => orderCalls([call, call])).toThrow('twice')
  expect(() => rewardLeaf({ ...one, account: `0x${'0A'.repeat(20)}`, before: 0n })).toThrow('lower')
  expect(() => rewardLeaf({ ...one, cumulative: 1n << 128n, before: 0n })).toThrow('16 bytes')
  expect(() => callKey(1n << 64n, 0)).toThrow('uint64')
  expect(() => callKey(1n, 2 ** 32)).toThrow('uint32')
  expect(callKey(1n, 2)).toBe((1n << 32n) + 2n)
})

test('leaves and roots are those of the golden vectors', () => {
  const golden = JSON.parse(
    readFileSync(new URL('fixtures/epoch-trees.json', import.meta.url), 'utf8'),
  )
  const big = (record: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        value.startsWith('0x') ? value : BigInt(value),
      ]),
    )
  for (const { rewards, credits: credited, calls: called, roots } of golden.epochs) {
    const packed = [
      packRewardLeaves(orderRewards(rewards.map(big))),
      packCreditLeaves(orderCredits(credited.map(big))),
      packCallLeaves(orderCalls(called.map(big))),
    ]
    expect(packed.map((leaves) => buildOrderedMerkleTree(leaves).root)).toEqual(roots)
  }
  for (const { influence, retrieval, hash } of golden.weights) {
    expect(weightsHash({ influence: influence.map(big), retrieval: retrieval.map(big) })).toBe(hash)
  }
})
