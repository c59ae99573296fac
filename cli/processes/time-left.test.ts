import { expect, test } from 'vitest'
import { timeLeft } from './time-left.ts'

test('the time left follows the pace of the last half minute', () => {
  let ms = 0
  const left = timeLeft(() => ms)
  expect(left.after(1000)).toBeUndefined()
  ms = 10_000
  expect(left.after(500)).toBe(10)
  ms = 50_000
  expect(left.after(400)).toBeUndefined()
  ms = 60_000
  expect(left.after(300)).toBe(30)
  expect(left.after(350)).toBe(70)
  expect(left.after(0)).toBe(0)
})

test('work that only grows has no end', () => {
  let ms = 0
  const left = timeLeft(() => ms)
  left.after(10)
  ms = 5000
  expect(left.after(20)).toBeUndefined()
})
