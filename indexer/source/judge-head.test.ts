import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChainCursor, emptyCursor } from '../store/chain-cursor.ts'
import { judgeHead } from './judge-head.ts'

const block = (height: number, fork = 'a') => ({ height, hash: `${fork}${height}` })
const head = (number: number, fork = 'a', parent = fork) => ({
  number,
  hash: `0x${fork}${number}` as const,
  parentHash: `0x${parent}${number - 1}` as const,
})
const cursor = (final: number, top: number): ChainCursor => ({
  ...emptyCursor,
  ...block(final, '0xa'),
  top: Array.from({ length: top }, (_, i) => block(final + 1 + i, '0xa')),
})

describe('judgeHead', () => {
  test.each([
    ['the newest block', cursor(10, 3), head(13), 'known'],
    ['a block below on the same chain', cursor(10, 3), head(11), 'known'],
    ['a block below the final one', cursor(10, 3), head(4, 'b'), 'known'],
    ['the next block', cursor(10, 3), head(14), 'follow'],
    ['a far block', cursor(10, 3), head(99, 'b'), 'follow'],
    ['the next block of a fork', cursor(10, 3), head(14, 'b'), 'follow'],
    ['another block of the same height', cursor(10, 3), head(13, 'b'), 'follow'],
    ['a lower block of another chain', cursor(10, 3), head(12, 'b'), 'reorganised'],
    ['another final block', cursor(10, 3), head(10, 'b'), 'reorganised'],
    ['another final block, all being final', cursor(10, 0), head(10, 'b'), 'reorganised'],
    ['a child of another final block', cursor(10, 0), head(11, 'b'), 'reorganised'],
    ['anything, before the first block', emptyCursor, head(5), 'follow'],
  ])('%s', (_, at, seen, verdict) => {
    expect(judgeHead(at, seen)).toBe(verdict)
  })

  test('a replica that lags on the same chain is never a reorganisation', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(20), fc.nat(100), (final, top, at) => {
        expect(judgeHead(cursor(final, top), head(at))).not.toBe('reorganised')
      }),
    )
  })
})
