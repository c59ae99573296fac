import { describe, expect, test } from 'vitest'
import { seededRandom } from '../plan/seeded-random.ts'
import { createFrameReader, textFrame } from './frame-reader.ts'
import type { HeadFaults } from './head-faults.ts'
import { headFilter } from './head-filter.ts'

const short = ['', 'short', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(300)]
const texts = [...short, 'ü'.repeat(33_000)]

test('frames of all lengths are read back from any pieces', () => {
  for (const [size, sent] of [
    [1, short],
    [7, short],
    [1000, texts],
    [100_000, texts],
  ] as const) {
    const bytes = Buffer.concat(sent.map(textFrame))
    const read = createFrameReader()
    const found: (string | undefined)[] = []
    for (let at = 0; at < bytes.length; at += size)
      found.push(...read(bytes.subarray(at, at + size)).map(({ text }) => text))
    expect(found).toEqual(sent)
  }
})

describe('heads', () => {
  const head = (n: number) => `{"method":"eth_subscription","params":${n}}`
  const hear = (faults: HeadFaults) => {
    const { down } = headFilter(seededRandom(1), () => faults)
    const greeting = Buffer.from('HTTP/1.1 101\r\n\r\n')
    const sent = [1, 2, 3, 4].map((n) => textFrame(head(n)))
    const [first, ...parts] = down?.(Buffer.concat([greeting, ...sent])) ?? []
    expect(first).toEqual(greeting)
    return createFrameReader()(Buffer.concat(parts)).map(({ text }) => text)
  }

  test('pass as they are without faults', () => {
    expect(hear({})).toEqual([1, 2, 3, 4].map(head))
  })
  test('come twice', () => {
    expect(hear({ twice: 1 })).toEqual([1, 1, 2, 2, 3, 3, 4, 4].map(head))
  })
  test('come late', () => {
    expect(hear({ late: 1 })).toEqual([2, 1, 4, 3].map(head))
  })
  test('are lost or cut in half', () => {
    expect(hear({ lost: 1 })).toEqual([])
    expect(hear({ truncated: 1 })[0]).toBe(head(1).slice(0, head(1).length / 2))
  })
})
