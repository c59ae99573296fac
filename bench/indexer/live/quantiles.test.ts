import { expect, test } from 'vitest'
import { quantiles } from './quantiles.ts'

test('quantiles are values that were seen, by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(quantiles(values)).toEqual({ p50: 50, p95: 95, max: 100 })
  expect(quantiles([7.25])).toEqual({ p50: 7.3, p95: 7.3, max: 7.3 })
})
