import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineScores } from './combine-scores.ts'
import { divideRounded } from './divide-rounded.ts'
import { integerSqrt } from './integer-sqrt.ts'
import { normalNumbers } from './random-rows.fixture.ts'
import { standardiseScores } from './standardise-scores.ts'

test('the integer square root is the largest whose square is not above', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (n) => {
      const root = integerSqrt(n)
      expect(root * root <= n && n < (root + 1n) * (root + 1n)).toBe(true)
    }),
  )
})

test('division rounds to the nearest, half away from zero', () => {
  expect([7n, 5n, -5n, -7n, 6n].map((n) => divideRounded(n, 2n))).toEqual([4n, 3n, -3n, -4n, 3n])
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 2n ** 70n }), (n, d) => {
      const rest = n - divideRounded(n, d) * d
      expect(2n * (rest < 0n ? -rest : rest) <= d).toBe(true)
      expect(divideRounded(-n, d)).toBe(-divideRounded(n, d) + 0n)
    }),
  )
})

const scoresOf = (seed: number, scale: number) =>
  Int32Array.from(normalNumbers(300, seed), (value) => Math.round(value * scale))

test('combined scores agree with floats to one part in ten thousand', () => {
  const lines = [scoresOf(1, 130_000), scoresOf(2, 2_000_000), scoresOf(3, 9_000)]
  const rms = lines.map((line) => Math.sqrt(line.reduce((sum, s) => sum + s * s, 0) / line.length))
  const combined = combineScores(lines)
  combined.forEach((score, row) => {
    const float = lines.reduce((sum, line, c) => sum + line[row]! / rms[c]!, 0)
    expect(score / 65_536).toBeCloseTo(float, 3)
  })
})

test('a checkpoint whose scores are larger by any factor weighs the same', () => {
  const small = combineScores([scoresOf(1, 10_000)])
  const large = combineScores([scoresOf(1, 1_000_000)])
  small.forEach((score, row) => {
    expect(Math.abs(score - large[row]!)).toBeLessThan(20)
  })
})

test('standard scores agree with floats to a thousandth', () => {
  const values = [...scoresOf(4, 70_000)]
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  standardiseScores(values).forEach((z, i) => {
    expect(Math.abs(z / 1000 - (values[i]! - mean) / sd)).toBeLessThan(0.0011)
  })
})

test('scores without spread or without checkpoints stand for nothing', () => {
  expect(combineScores([])).toEqual([])
  expect(combineScores([new Int32Array(3)])).toEqual([0, 0, 0])
  expect(standardiseScores([5, 5, 5])).toEqual([0, 0, 0])
})
