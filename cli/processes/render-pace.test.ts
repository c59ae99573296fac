import { expect, test } from 'vitest'
import { type ChainPace, renderPace, renderSeconds } from './render-pace.ts'

const pace: ChainPace = {
  ...{ chainId: 5, state: 'running', place: 'block 70/100', eventsPerSecond: 12.4 },
  ...{ behind: 30, unit: 'blocks', lagSeconds: 61, secondsLeft: 3.2 },
}

test('a chain that catches up says how far, how fast and how long', () => {
  expect(renderPace(pace)).toBe(
    'chain 5: block 70/100, 12 events/s, 30 blocks behind, newest 1 min 1 s old, 3 s left',
  )
})

test('a chain at its head has no time left, one that fails says so', () => {
  expect(renderPace({ ...pace, behind: 0, lagSeconds: 2 })).toBe(
    'chain 5: block 70/100, 12 events/s, at the head, newest 2 s old',
  )
  const failing = { ...pace, behind: undefined, lagSeconds: undefined, state: 'retrying' }
  expect(renderPace(failing)).toBe('chain 5: block 70/100, 12 events/s, retrying')
})

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
  [273_600, '3 d 4 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(renderSeconds(seconds)).toBe(text)
})
