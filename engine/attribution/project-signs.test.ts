import { expect, test } from 'vitest'
import { sha256 } from '../../schema/codec/sha256.ts'
import { attributionMethod } from './attribution-method.ts'
import { gradientWidth } from './gradient-width.ts'
import { projectSigns } from './project-signs.ts'
import { normalNumbers } from './random-rows.fixture.ts'

const projection = { width: 2_048, seed: 5 }
const unit = (size: number, at: number) => {
  const vector = new Float32Array(size)
  vector[at] = 1
  return vector
}
const cosine = (a: Float64Array | Float32Array, b: Float64Array | Float32Array) => {
  let dot = 0
  let x = 0
  let y = 0
  a.forEach((value, i) => {
    dot += value * b[i]!
    x += value * value
    y += b[i]! * b[i]!
  })
  return dot / Math.sqrt(x * y)
}

test('the matrix of signs is the same for ever', () => {
  const row = projectSigns(unit(40, 33), 1, projection)
  expect(row.every((sign) => Math.abs(sign) === 1)).toBe(true)
  expect(sha256(new Uint8Array(Int8Array.from(row).buffer))).toMatchInlineSnapshot(
    `"0x00fec932eb2bb3c5c9dbbcdde0221101fc1f980a4b959d961f0044d5753e8604"`,
  )
})

test('signs are balanced and rows of the matrix are nearly orthogonal', () => {
  const rows = [0, 1, 2, 31, 32].map((at) => projectSigns(unit(40, at), 1, projection))
  for (const row of rows) {
    expect(Math.abs(row.reduce((sum, sign) => sum + sign, 0))).toBeLessThan(4 * Math.sqrt(2_048))
  }
  for (const a of rows) {
    for (const b of rows) if (a !== b) expect(Math.abs(cosine(a, b))).toBeLessThan(0.09)
  }
})

test('cosines survive the projection', () => {
  const size = 600
  const a = Float32Array.from(normalNumbers(size, 1))
  const b = Float32Array.from(normalNumbers(size, 2), (value, i) => value + a[i]!)
  const both = new Float32Array(2 * size)
  both.set(a)
  both.set(b, size)
  const projected = projectSigns(both, 2, projection)
  const [first, second] = [projected.subarray(0, 2_048), projected.subarray(2_048)]
  expect(Math.abs(cosine(first, second) - cosine(a, b))).toBeLessThan(0.06)
  expect(projectSigns(b, 1, projection)).toEqual(second)
})

test('only gradients wider than 16,384 numbers are projected', () => {
  expect(gradientWidth(16_384)).toBe(16_384)
  expect(gradientWidth(16_385)).toBe(attributionMethod.projection.width)
})
