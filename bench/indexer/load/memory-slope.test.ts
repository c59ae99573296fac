import { expect, test } from 'vitest'
import { memorySlope } from './memory-slope.ts'

const samples = (rss: (seconds: number) => number) =>
  Array.from({ length: 101 }, (_, seconds) => ({ seconds, rssMb: { part: rss(seconds) } }))

test('a part that grows by a quarter of a megabyte a second grows by 25 in a run of 100 s', () => {
  expect(
    memorySlope(
      samples((at) => 100 + at / 4),
      'part',
    ),
  ).toBe(25)
})

test('what a part grew by at first does not count', () => {
  expect(
    memorySlope(
      samples((at) => Math.min(300, 100 + 10 * at)),
      'part',
    ),
  ).toBe(0)
})
