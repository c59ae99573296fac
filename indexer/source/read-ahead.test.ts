import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readAhead } from './read-ahead.ts'

async function* count(to: number, made: number[], onEnd: () => void = () => undefined) {
  try {
    for (let n = 0; n < to; n++) {
      made.push(n)
      yield n
    }
  } finally {
    onEnd()
  }
}

test('gives every item in order, and is one ahead at most', async () => {
  const made: number[] = []
  const used: number[] = []
  for await (const n of readAhead(count(5, made))) {
    await turn()
    expect(made.length).toBe(Math.min(5, n + 2))
    used.push(n)
  }
  expect(used).toEqual([0, 1, 2, 3, 4])
})

test('a failure comes in the place of its item, and is not lost meanwhile', async () => {
  async function* failing() {
    yield 'first'
    throw new RangeError('no more')
  }
  const used: string[] = []
  const run = async () => {
    for await (const item of readAhead(failing())) {
      for (let i = 0; i < 3; i++) await turn()
      used.push(item)
    }
  }
  await expect(run()).rejects.toThrow(RangeError)
  expect(used).toEqual(['first'])
})

test('a consumer that stops ends the source', async () => {
  let ended = false
  for await (const n of readAhead(count(5, [], () => (ended = true)))) if (n === 1) break
  await turn()
  expect(ended).toBe(true)
})
