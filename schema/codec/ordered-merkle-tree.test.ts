import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import fc from 'fast-check'
import { bytesToHex, concat, keccak256 } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../events/event.ts'
import {
  buildOrderedMerkleTree,
  orderedDepth,
  orderedLeafHash,
  verifyOrderedProof,
} from './ordered-merkle-tree.ts'

const zero: Hex = `0x${'00'.repeat(32)}`
const nodeOf = (left: Hex, right: Hex): Hex =>
  left === zero && right === zero ? zero : keccak256(concat(['0x01', left, right]))
const leafOf = (leaf: Uint8Array): Hex => keccak256(concat(['0x00', bytesToHex(leaf)]))

/** The definition, from the root down: no levels, no arrays of hashes. */
function rootOf(leaves: readonly Uint8Array[], from: number, width: number): Hex {
  const leaf = leaves[from]
  if (width === 1) return leaf === undefined ? zero : leafOf(leaf)
  const half = width / 2
  return nodeOf(rootOf(leaves, from, half), rootOf(leaves, from + half, half))
}

const pack = (leaves: readonly Uint8Array[]) => ({
  bytes: Uint8Array.from(leaves.flatMap((leaf) => [...leaf])),
  size: leaves[0]!.length,
})
const anyLeaves = fc
  .integer({ min: 1, max: 130 })
  .chain((size) =>
    fc.array(fc.uint8Array({ minLength: size, maxLength: size }), { minLength: 1, maxLength: 40 }),
  )

test('the root is that of the recursive definition and every leaf has a proof', () => {
  fc.assert(
    fc.property(anyLeaves, (leaves) => {
      const tree = buildOrderedMerkleTree(pack(leaves))
      expect(tree.root).toBe(rootOf(leaves, 0, 2 ** orderedDepth(leaves.length)))
      leaves.forEach((leaf, index) => {
        const hash = orderedLeafHash(bytesToHex(leaf))
        expect(tree.leafHash(index)).toBe(hash)
        expect(verifyOrderedProof(tree, index, hash, tree.proof(index))).toBe(true)
      })
    }),
    { numRuns: 60 },
  )
})

test('OpenZeppelin folds full trees to the same root', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }).chain((depth) =>
        fc.array(fc.uint8Array({ minLength: 52, maxLength: 52 }), {
          minLength: 2 ** depth,
          maxLength: 2 ** depth,
        }),
      ),
      (leaves) => {
        // OpenZeppelin stores the leaves from the end of its array, so its pairs come reversed.
        const oracle = SimpleMerkleTree.of(leaves.map(leafOf), {
          sortLeaves: false,
          nodeHash: (a, b) => nodeOf(b as Hex, a as Hex),
        })
        expect(buildOrderedMerkleTree(pack(leaves)).root).toBe(oracle.root)
      },
    ),
    { numRuns: 30 },
  )
})

test('a proof holds for no other index, leaf, size of tree or length', () => {
  fc.assert(
    fc.property(anyLeaves, fc.nat(), fc.nat(), (leaves, from, to) => {
      const tree = buildOrderedMerkleTree(pack(leaves))
      const index = from % leaves.length
      const other = to % leaves.length
      const hash = tree.leafHash(index)
      const proof = tree.proof(index)
      expect(verifyOrderedProof(tree, other, hash, proof)).toBe(other === index)
      expect(verifyOrderedProof(tree, index, zero, proof)).toBe(false)
      expect(verifyOrderedProof(tree, index, hash, [...proof, zero])).toBe(false)
      expect(verifyOrderedProof(tree, leaves.length, hash, proof)).toBe(false)
      const larger = { ...tree, leafCount: 2 ** orderedDepth(leaves.length) + 1 }
      expect(verifyOrderedProof(larger, index, hash, proof)).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('a tree that declares more leaves than it has folds the missing ones as zero', () => {
  fc.assert(
    fc.property(anyLeaves, fc.nat(20), (leaves, missing) => {
      const declared = leaves.length + missing
      const tree = buildOrderedMerkleTree(pack(leaves), declared)
      expect(tree.root).toBe(rootOf(leaves, 0, 2 ** orderedDepth(declared)))
      leaves.forEach((_, i) => {
        expect(verifyOrderedProof(tree, i, tree.leafHash(i), tree.proof(i))).toBe(true)
      })
      for (let index = leaves.length; index < declared; index++) {
        expect(tree.leafHash(index)).toBe(zero)
        const folded = tree.proof(index).reduce<Hex>((node, sibling, level) => {
          const right = Math.floor(index / 2 ** level) % 2 === 1
          return nodeOf(right ? sibling : node, right ? node : sibling)
        }, zero)
        expect(folded).toBe(tree.root)
      }
    }),
    { numRuns: 40 },
  )
})

test('a node cannot be passed off as a leaf', () => {
  const leaves = [1, 2, 3, 4].map((n) => new Uint8Array(64).fill(n))
  const tree = buildOrderedMerkleTree(pack(leaves))
  const half = buildOrderedMerkleTree(pack(leaves.slice(0, 2)))
  const children = concat([half.leafHash(0), half.leafHash(1)])
  expect(orderedLeafHash(children)).not.toBe(half.root)
  expect(tree.proof(0)[1]).toBe(buildOrderedMerkleTree(pack(leaves.slice(2))).root)
})

test('depth grows by one at each power of two', () => {
  expect([1, 2, 3, 4, 5, 8, 9, 2 ** 31, 2 ** 32 - 1].map(orderedDepth)).toEqual([
    0, 1, 2, 2, 3, 3, 4, 31, 32,
  ])
})

test('no leaves and half a leaf are refused', () => {
  expect(() => buildOrderedMerkleTree({ bytes: new Uint8Array(), size: 4 })).toThrow(RangeError)
  expect(() => buildOrderedMerkleTree({ bytes: new Uint8Array(6), size: 4 })).toThrow(RangeError)
  const one = buildOrderedMerkleTree({ bytes: new Uint8Array(4), size: 4 })
  expect(one.root).toBe(one.leafHash(0))
  expect(one.proof(0)).toEqual([])
  expect(() => one.proof(1)).toThrow(RangeError)
})
