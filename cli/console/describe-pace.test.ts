import { expect, test } from 'vitest'
import { describePace } from './describe-pace.ts'

test('speed and time left follow from what was covered since the first report', () => {
  let ms = 0
  const describe = describePace(() => ms)
  expect(describe(5000, 9000)).toBe('')
  ms = 2000
  expect(describe(6000, 9000)).toBe('500/s, 6 s left')
  ms = 4000
  expect(describe(9000, 9000)).toBe('1000/s, 0 s left')
})

test('long times are told in minutes and hours', () => {
  let ms = 0
  const describe = describePace(() => ms)
  describe(0, 1)
  ms = 1000
  expect(describe(1, 301)).toBe('1/s, 5 min left')
  expect(describe(1, 9001)).toBe('1/s, 2.5 h left')
})
