import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptySlot, planBatches } from './plan-batches.ts'

describe('planBatches', () => {
  it('uses every row once per epoch, never mixes buckets, and is the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer(),
        (buckets, batch, epochs, seed) => {
          const plan = planBatches(buckets, batch, epochs, seed)
          expect(planBatches(buckets, batch, epochs, seed)).toEqual(plan)
          const uses = buckets.map(() => 0)
          for (let start = 0; start < plan.length; start += batch) {
            const rows = [...plan.subarray(start, start + batch)].filter((r) => r !== emptySlot)
            expect(rows.length).toBeGreaterThan(0)
            expect(new Set(rows.map((row) => buckets[row])).size).toBe(1)
            for (const row of rows) uses[row]! += 1
          }
          expect(uses).toEqual(buckets.map(() => epochs))
        },
      ),
    )
  })

  it('gives another order for another seed and another epoch', () => {
    const buckets = Array.from({ length: 50 }, () => 0)
    const first = planBatches(buckets, 10, 2, 1)
    expect(planBatches(buckets, 10, 2, 2)).not.toEqual(first)
    expect(first.subarray(0, 50)).not.toEqual(first.subarray(50))
  })

  it('keeps to this order, which recorded runs depend on', () => {
    expect([...planBatches([0, 0, 1, 0, 1, 0, 0], 3, 1, 7)]).toEqual([
      5,
      3,
      6,
      4,
      2,
      emptySlot,
      1,
      0,
      emptySlot,
    ])
  })
})
