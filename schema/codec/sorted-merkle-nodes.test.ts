import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'
import { orderByHash } from './order-by-hash.ts'
import { buildSortedMerkleNodes } from './sorted-merkle-nodes.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** Hashes with long common beginnings, and equal ones. */
const close = fc
  .array(fc.tuple(fc.constantFrom(0, 3, 7, 31, 32), hash), { minLength: 1, maxLength: 60 })
  .map((items) =>
    items.map(([common, bytes]) => Uint8Array.from(bytes, (byte, i) => (i < common ? 9 : byte))),
  )
const joined = (hashes: readonly Uint8Array[]) => Uint8Array.from(hashes.flatMap((h) => [...h]))

test('hashes are ordered as byte strings, equal ones by number', () => {
  fc.assert(
    fc.property(close, (hashes) => {
      const expected = hashes
        .map((bytes, i) => [bytesToHex(bytes), i] as const)
        .sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j))
        .map(([, i]) => i)
      expect([...orderByHash(joined(hashes))]).toEqual(expected)
    }),
  )
})

test('root and every proof equal those of OpenZeppelin', () => {
  const sets = fc.oneof(close, fc.array(hash, { minLength: 1, maxLength: 70 }))
  fc.assert(
    fc.property(sets, (hashes) => {
      const oracle = SimpleMerkleTree.of(hashes.map((bytes) => bytesToHex(bytes)))
      const nodes = buildSortedMerkleNodes(joined(hashes))
      expect(bytesToHex(nodes.root)).toBe(oracle.root)
      hashes.forEach((bytes, i) => {
        const words = new Uint32Array(8 * nodes.depth)
        const path = new Uint8Array(words.buffer)
        const length = nodes.writeProof(i, words)
        const proof = Array.from({ length }, (_, k) =>
          bytesToHex(path.subarray(32 * k, 32 * k + 32)),
        )
        expect(SimpleMerkleTree.verify(oracle.root, bytesToHex(bytes), proof)).toBe(true)
        const equal = hashes.filter((other) => Buffer.compare(other, bytes) === 0).length
        if (equal === 1) expect(proof).toEqual(oracle.getProof(bytesToHex(bytes)))
      })
    }),
    { numRuns: 60 },
  )
})
