import fc from 'fast-check'
import { expect, test } from 'vitest'
import { creditRows } from './credit-rows.ts'
import { normalNumbers } from './random-rows.fixture.ts'

const noise = (count: number, seed: number) =>
  Int32Array.from(normalNumbers(count, seed), (value) => Math.round(value * 100_000))

test('noise alone pays nobody', () => {
  for (let seed = 0; seed < 20; seed++) expect(creditRows([noise(2_000, seed)])).toEqual([])
})

test('rows that stand out are paid, best first', () => {
  const scores = noise(2_000, 1)
  scores[70] = 900_000
  scores[3] = 1_400_000
  const [first, second] = creditRows([scores, scores])
  expect([first?.position, second?.position]).toEqual([3, 70])
  expect(first!.zMilli).toBeGreaterThan(second!.zMilli)
})

test('no more than 32 rows are paid and each has a standard score of at least 2', () => {
  const scores = noise(2_000, 2)
  for (let row = 0; row < 36; row++) scores[row * 40] = 3_000_000 + row
  const rows = creditRows([scores])
  expect(rows).toHaveLength(32)
  for (const row of rows) expect(row.zMilli).toBeGreaterThanOrEqual(2_000)
})

test('a row far below the others is never paid', () => {
  const scores = noise(500, 3)
  scores[9] = -2_000_000
  expect(creditRows([scores])).toEqual([])
})

test('the paid rows do not depend on the order of the rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), fc.nat(199), (seed, shift) => {
      const scores = noise(200, seed)
      scores[17] = 2_000_000
      scores[60] = 1_500_000
      const moved = Int32Array.from(scores, (_, row) => scores[(row + shift) % 200]!)
      const places = creditRows([moved]).map((row) => (row.position + shift) % 200)
      expect(places).toEqual(creditRows([scores]).map((row) => row.position))
    }),
    { numRuns: 30 },
  )
})
