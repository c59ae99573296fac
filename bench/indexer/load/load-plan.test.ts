import { expect, test } from 'vitest'
import { eventsOfBlock } from './day-traffic.ts'
import { loadPlan } from './load-plan.ts'

test('the blocks of a load hold exactly its events, and none holds more than a block can', () => {
  const blocks = [...loadPlan(1_000_000)]
  expect(blocks.reduce((sum, events) => sum + events, 0)).toBe(1_000_000)
  expect(Math.max(...blocks)).toBeLessThanOrEqual(4900)
})

test('traffic of a day comes in waves: nothing at night, most at noon', () => {
  const hours = Array.from({ length: 24 }, (_, hour) =>
    Array.from({ length: 1800 }, (_, i) => eventsOfBlock(1800 * hour + i)).reduce((a, b) => a + b),
  )
  expect(hours[3]).toBeLessThan(700)
  expect(hours[12]).toBeGreaterThan(6000)
})
