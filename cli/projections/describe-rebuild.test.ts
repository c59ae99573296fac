import { expect, test } from 'vitest'
import { describeRebuild } from './describe-rebuild.ts'

test('speed and time left follow from what this run covered, not from where it resumed', () => {
  let ms = 0
  const describe = describeRebuild(() => ms)
  ms = 1000
  expect(describe({ events: 500, position: 5000n, target: 9000n })).toBe('500 events/s')
  ms = 2000
  expect(describe({ events: 1000, position: 6000n, target: 9000n })).toBe('500 events/s, 6 s left')
  ms = 4000
  expect(describe({ events: 4000, position: 9000n, target: 9000n })).toBe('1000 events/s, 0 s left')
})
