import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import type { Terms } from '../../schema/events/model.ts'
import { type Claim, type FeeClaims, shareFee } from './share-fee.ts'

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`

const terms: fc.Arbitrary<Terms> = fc
  .tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), fc.nat(10_000))
  .map(([a, b, c, retrievalBps]) => {
    const [x, y, z] = [a, b, c].sort((p, q) => p - q) as [number, number, number]
    return {
      pricePer1kIn: '0',
      pricePer1kOut: '0',
      platformBps: x,
      ownerBps: y - x,
      stakersBps: z - y,
      contributorsBps: 10_000 - z,
      retrievalBps,
    }
  })
const claims = (minLength: number): fc.Arbitrary<readonly Claim[]> =>
  fc.array(
    fc.record({ account: fc.nat(12).map(account), weight: fc.bigInt({ min: 1n, max: 10n ** 9n }) }),
    { minLength, maxLength: 32 },
  )
const feeClaims: fc.Arbitrary<FeeClaims> = fc.record({
  platform: fc.constant(account(1)),
  owner: fc.nat(12).map(account),
  stakers: fc.constant(account(3)),
  influence: claims(0),
  retrieval: claims(0),
  flat: claims(1),
})
const fee = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n })
const total = (shares: readonly { amount: string }[]) =>
  shares.reduce((sum, share) => sum + BigInt(share.amount), 0n)

test('the shares of any fee under any terms sum to the fee', () => {
  fc.assert(
    fc.property(fee, terms, feeClaims, (amount, split, claimed) => {
      expect(total(shareFee(amount, split, claimed))).toBe(amount)
    }),
  )
})

test('neither the order of claims nor cutting one into several changes a share', () => {
  fc.assert(
    fc.property(fee, terms, feeClaims, (amount, split, claimed) => {
      const cut = (list: readonly Claim[]) =>
        list
          .flatMap((claim) =>
            claim.weight === 1n
              ? [claim]
              : [
                  { ...claim, weight: claim.weight - 1n },
                  { ...claim, weight: 1n },
                ],
          )
          .reverse()
      const other = {
        ...claimed,
        influence: cut(claimed.influence),
        retrieval: cut(claimed.retrieval),
        flat: cut(claimed.flat),
      }
      expect(shareFee(amount, split, other)).toEqual(shareFee(amount, split, claimed))
    }),
  )
})

const even: Terms = {
  pricePer1kIn: '0',
  pricePer1kOut: '0',
  platformBps: 1000,
  ownerBps: 1000,
  stakersBps: 1000,
  contributorsBps: 7000,
  retrievalBps: 3000,
}
const base: FeeClaims = {
  platform: account(1),
  owner: account(2),
  stakers: account(3),
  influence: [{ account: account(4), weight: 5n }],
  retrieval: [],
  flat: [{ account: account(5), weight: 1n }],
}
const roles = (claimed: FeeClaims) =>
  Object.fromEntries(shareFee(1000n, even, claimed).map(({ role, amount }) => [role, amount]))

test('the retrieval part goes back to influence when no citation was used', () => {
  expect(roles(base)).toMatchObject({ influence: '700' })
  const used = { ...base, retrieval: [{ account: account(6), weight: 9n }] }
  expect(roles(used)).toMatchObject({ influence: '490', retrieval: '210' })
})

test('without a row that stands out the influence part is shared flat', () => {
  expect(roles({ ...base, influence: [] })).toEqual({
    platform: '100',
    owner: '100',
    stakers: '100',
    flat: '700',
  })
})
