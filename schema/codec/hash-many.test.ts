import fc from 'fast-check'
import { keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { hashMany } from './hash-many.ts'

test('every digest is the hash of the tag and its message', () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 134 }), fc.constantFrom(133, 134))
  fc.assert(
    fc.property(fc.nat(255), sizes, fc.nat(2100), fc.nat(), (tag, size, count, seed) => {
      const messages = Uint8Array.from(
        { length: size * count },
        (_, i) => (Math.imul(i + seed, 2_654_435_761) >>> 24) & 0xff,
      )
      const digests = new Uint8Array(32 * count)
      hashMany(tag, messages, size, digests)
      for (const i of [0, 1, count >> 1, 1023, 1024, count - 1].filter((n) => n >= 0 && n < count))
        expect(digests.slice(32 * i, 32 * i + 32)).toEqual(
          keccak256(Uint8Array.of(tag, ...messages.subarray(i * size, (i + 1) * size)), 'bytes'),
        )
    }),
    { numRuns: 40 },
  )
})

test('a message that does not fit one block is refused', () => {
  expect(() => hashMany(0, new Uint8Array(135), 135, new Uint8Array(32))).toThrow('134 bytes')
})
