import { expect, test } from 'vitest'
import { eventRate } from './event-rate.ts'

test('the rate is that of the last ten seconds and falls to nothing after them', () => {
  let ms = 5_000
  const rate = eventRate(() => ms)
  expect(rate.perSecond()).toBe(0)
  rate.add(300)
  ms = 8_000
  expect(rate.perSecond()).toBe(100)
  rate.add(700)
  ms = 14_900
  expect(rate.perSecond()).toBeCloseTo(1000 / 9.9)
  ms = 15_500
  expect(rate.perSecond()).toBe(70)
  ms = 60_000
  expect(rate.perSecond()).toBe(0)
})
