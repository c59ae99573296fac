import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'
import { hashContributionLeaves } from './hash-contribution-leaves.ts'
import { contributionLeaf } from './leaves.ts'

test('every leaf is the one hashed alone', () => {
  fc.assert(
    fc.property(fc.nat(1100), fc.nat(), (rows, seed) => {
      const bytes = (salt: number) =>
        Uint8Array.from({ length: 32 * rows }, (_, i) => Math.imul(i + seed, 40_503 + salt) >>> 8)
      const [salts, hashes] = [bytes(1), bytes(2)]
      const leaves = hashContributionLeaves(salts, hashes)
      const at = (all: Uint8Array, i: number) => bytesToHex(all.subarray(32 * i, 32 * i + 32))
      expect(leaves.length).toBe(32 * rows)
      for (const i of [0, 1, rows >> 1, 1023, 1024, rows - 1].filter((n) => n >= 0 && n < rows))
        expect(at(leaves, i)).toBe(contributionLeaf(i, at(salts, i), at(hashes, i)))
    }),
    { numRuns: 30 },
  )
})

test('half a row is refused', () => {
  expect(() => hashContributionLeaves(new Uint8Array(32), new Uint8Array(64))).toThrow('64 bytes')
  expect(() => hashContributionLeaves(new Uint8Array(31), new Uint8Array(31))).toThrow('31 bytes')
})
