import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callFee } from './call-fee.ts'
import { splitByWeights, splitFee } from './split-fee.ts'

const amount = fc.bigInt({ min: 0n, max: 1n << 96n })

test('parts sum to the amount, differ from the exact share by less than one unit, and keep order', () => {
  fc.assert(
    fc.property(
      amount,
      fc
        .array(fc.bigInt({ min: 0n, max: 1n << 64n }), { minLength: 1, maxLength: 50 })
        .filter((weights) => weights.some((w) => w > 0n)),
      (total, weights) => {
        const parts = splitByWeights(total, weights)
        const sum = weights.reduce((a, b) => a + b, 0n)
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total)
        parts.forEach((part, i) => {
          const error = part * sum - total * (weights[i] ?? 0n)
          expect(error < sum && error > -sum).toBe(true)
          if (weights[i] === 0n) expect(part).toBe(0n)
        })
      },
    ),
  )
})

test('terms split every fee without loss', () => {
  fc.assert(
    fc.property(
      amount,
      fc.tuple(fc.nat(3000), fc.nat(3000), fc.nat(3000)),
      fc.nat(10_000),
      (fee, [platformBps, ownerBps, stakersBps], retrievalBps) => {
        const contributorsBps = 10_000 - platformBps - ownerBps - stakersBps
        const parts = splitFee(fee, {
          pricePer1kIn: '0',
          pricePer1kOut: '0',
          platformBps,
          ownerBps,
          stakersBps,
          contributorsBps,
          retrievalBps,
        })
        expect(Object.values(parts).reduce((a, b) => a + b, 0n)).toBe(fee)
        expect(Object.values(parts).every((part) => part >= 0n)).toBe(true)
      },
    ),
  )
})

test('the example of the domain: 1 token at 10/20/20/50', () => {
  const parts = splitFee(10n ** 18n, {
    pricePer1kIn: '0',
    pricePer1kOut: '0',
    platformBps: 1000,
    ownerBps: 2000,
    stakersBps: 2000,
    contributorsBps: 5000,
    retrievalBps: 0,
  })
  expect(splitByWeights(parts.influence, [25n, 75n])[0]).toBe(125_000_000_000_000_000n)
})

test('nothing to weigh by is refused', () => {
  expect(() => splitByWeights(1n, [])).toThrow(RangeError)
  expect(() => splitByWeights(1n, [0n])).toThrow(RangeError)
  expect(() => splitByWeights(1n, [2n, -1n])).toThrow(RangeError)
})

test('a fee rounds up once', () => {
  const terms = { pricePer1kIn: '1', pricePer1kOut: '999' }
  expect(callFee(terms, 1, 1)).toBe(1n)
  expect(callFee(terms, 2, 1)).toBe(2n)
  expect(callFee(terms, 0, 0)).toBe(0n)
})
