import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rangeStride } from './range-stride.ts'

/** Reads `blocks` blocks from a provider with a limit; gives the questions it took. */
function read(blocks: number, limit: number, stride = rangeStride()) {
  const widths: number[] = []
  for (let next = 0; next < blocks; ) {
    const width = Math.min(stride.size, blocks - next)
    widths.push(width)
    if (width > limit) stride.refused(width)
    else {
      stride.answered(width, 0)
      next += width
    }
  }
  return { widths, refusals: widths.filter((width) => width > limit).length }
}

test('with any limit it reads on, with few refusals and nearly as wide as allowed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30_000 }), (limit) => {
      const { widths, refusals } = read(limit * 150, limit)
      expect(refusals).toBeLessThanOrEqual(20)
      const best = 150 * (limit / Math.min(limit, 20_000))
      expect(widths.length).toBeLessThanOrEqual(best * 1.3 + 25)
    }),
  )
})

test('a limit that is lifted is noticed', () => {
  const stride = rangeStride()
  read(50_000, 100, stride)
  expect(stride.size).toBeLessThanOrEqual(100)
  read(1_000_000, 5000, stride)
  expect(stride.size).toBeGreaterThan(1000)
})

test('answers full of logs make it narrower, and unanswered questions too', () => {
  const stride = rangeStride({ first: 1000, logs: 100 })
  stride.answered(1000, 100)
  expect(stride.size).toBe(1000)
  stride.answered(1000, 250)
  expect(stride.size).toBe(400)
  stride.failed(400)
  expect(stride.size).toBe(200)
  stride.answered(100, 0)
  expect(stride.size).toBe(200)
})

test('no answer on an evenly crowded chain holds many more logs than it aims at', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 45 }), (density) => {
      const stride = rangeStride()
      for (let i = 0; i < 50; i++) {
        const logs = stride.size * density
        expect(logs).toBeLessThanOrEqual(3000)
        stride.answered(stride.size, logs)
      }
      expect(stride.size * density).toBeGreaterThan(3000 - 2 * density)
    }),
  )
})
