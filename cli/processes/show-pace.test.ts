import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ChainPace } from './render-pace.ts'
import { showPace } from './show-pace.ts'

const pace: ChainPace = {
  ...{ chainId: 5, state: 'running', place: 'block 70/100', eventsPerSecond: 12.4 },
  ...{ behind: 30, unit: 'blocks', lagSeconds: 61, secondsLeft: 3.2 },
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What is written to the terminal and to the log in ten seconds. */
async function watch(options: { isTTY: boolean; json: boolean }) {
  const written: string[] = []
  const logged: object[] = []
  const write = (text: string) => void written.push(text)
  {
    using _shown = showPace({
      ...{ read: async () => [pace, { ...pace, chainId: 6 }], json: options.json },
      terminal: { isTTY: options.isTTY, columns: 60, write },
      logger: { info: (facts) => void logged.push(facts) },
    })
    await vi.advanceTimersByTimeAsync(10_000)
  }
  return { written, logged }
}

test('a terminal has one line that is written over, no wider than it is, and ended at the end', async () => {
  const { written, logged } = await watch({ isTTY: true, json: false })
  expect(written).toHaveLength(21)
  expect(written[0]?.startsWith('\r\u001b[2Kchain 5: block 70/100')).toBe(true)
  expect(written[0]?.length).toBe('\r\u001b[2K'.length + 59)
  expect(written.slice(0, -1).join('')).not.toContain('\n')
  expect(written.at(-1)).toBe('\n')
  expect(logged).toEqual([])
})

test.each([
  { isTTY: false, json: false },
  { isTTY: true, json: true },
])('elsewhere there is a line in the log every ten seconds: %o', async (options) => {
  const { written, logged } = await watch(options)
  expect(written).toEqual([])
  expect(logged).toEqual([{ chains: [pace, { ...pace, chainId: 6 }] }])
})
