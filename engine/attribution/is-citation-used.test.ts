import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCitationUsed } from './is-citation-used.ts'
import { longestCommonSubstring } from './longest-common-substring.ts'

test('the longest common run is found wherever it is', () => {
  expect(longestCommonSubstring('xxabcdyy', 'zabcdz')).toBe(4)
  expect(longestCommonSubstring('', 'abc')).toBe(0)
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, run, after) => {
      const found = longestCommonSubstring(`${before}${run}${after}`, run)
      expect(found).toBe(run.length)
    }),
  )
})

test('an answer uses a row if it repeats half of it and four characters', () => {
  expect(isCitationUsed('arbiscan.io', 'It is Arbiscan.io')).toBe(true)
  expect(isCitationUsed('arbiscan.io', 'arbitrum')).toBe(false)
  expect(isCitationUsed('a long answer of many words', 'a long')).toBe(false)
  expect(isCitationUsed('ETH', 'ETH')).toBe(false)
})
