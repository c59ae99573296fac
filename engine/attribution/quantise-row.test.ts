import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantiseRow } from './quantise-row.ts'
import { normalNumbers } from './random-rows.fixture.ts'

const codesOf = (values: Float32Array | Float64Array) => {
  const codes = new Int8Array(values.length)
  quantiseRow(values, codes)
  return codes
}

test('the length of a gradient makes no difference', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.integer({ min: -40, max: 40 }), (seed, exponent) => {
      const values = normalNumbers(64, seed)
      expect(codesOf(values.map((value) => value * 2 ** exponent))).toEqual(codesOf(values))
    }),
  )
})

test('codes keep the direction of the gradient', () => {
  const values = normalNumbers(4_096, 1)
  const codes = codesOf(values)
  const dot = values.reduce((sum, value, i) => sum + value * codes[i]!, 0)
  const norms = Math.hypot(...values) * Math.hypot(...codes)
  expect(dot / norms).toBeGreaterThan(0.9995)
})

test('halves round away from zero and outliers are clipped', () => {
  const values = new Float64Array(16 ** 2)
  values[0] = 1
  values[1] = -1e-12
  const codes = codesOf(values)
  expect(codes[0]).toBe(127)
  expect(codes[1]).toBe(0)
  // Two components: unit value 1/√2, √k · 127 / 4 · 1/√2 = 31.75 exactly.
  expect([...codesOf(Float64Array.of(1, -1))]).toEqual([32, -32])
})

test('a zero gradient stays zero and a gradient that is not finite is refused', () => {
  expect([...codesOf(new Float32Array(3))]).toEqual([0, 0, 0])
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => codesOf(Float32Array.of(1, bad))).toThrow(
      expect.objectContaining({ code: 'GRADIENT_INVALID' }),
    )
  }
})
