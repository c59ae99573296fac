import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import { capWeights } from './cap-weights.ts'

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`

test('the heaviest accounts stay, in ascending order, and nobody lighter outweighs one left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 1n, max: 9n }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 30 }),
      (list, max) => {
        const weights = list.map((weight, n) => ({ account: account(n), weight }))
        const kept = capWeights(weights, max)
        expect(kept).toHaveLength(Math.min(max, weights.length))
        expect(kept).toEqual(weights.filter((entry) => kept.includes(entry)))
        for (const out of weights.filter((entry) => !kept.includes(entry))) {
          for (const held of kept) {
            const heavier = held.weight > out.weight
            expect(heavier || (held.weight === out.weight && held.account < out.account)).toBe(true)
          }
        }
      },
    ),
  )
})
