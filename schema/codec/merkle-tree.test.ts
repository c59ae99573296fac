import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'
import { contributionLeaf } from './leaves.ts'
import { buildMerkleTree, rootOfProof } from './merkle-tree.ts'

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes))
const salt = `0x${'5a'.repeat(32)}` as const

test('root and proofs equal those of OpenZeppelin for any contribution', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (hashes) => {
      const oracle = StandardMerkleTree.of(
        hashes.map((hash, i) => [i, salt, hash]),
        ['uint32', 'bytes32', 'bytes32'],
      )
      const leaves = hashes.map((hash, i) => contributionLeaf(i, salt, hash))
      const tree = buildMerkleTree(leaves)
      expect(tree.root).toBe(oracle.root)
      leaves.forEach((leaf, i) => {
        expect(tree.proof(leaf)).toEqual(oracle.getProof(i))
        expect(rootOfProof(leaf, tree.proof(leaf))).toBe(tree.root)
      })
    }),
    { numRuns: 60 },
  )
})

test('the order of leaves does not matter', () => {
  const leaves = [1, 2, 3, 4, 5].map((n) => contributionLeaf(n, salt, salt))
  expect(buildMerkleTree([...leaves].reverse()).root).toBe(buildMerkleTree(leaves).root)
})

test('an empty tree and a foreign leaf are refused', () => {
  expect(() => buildMerkleTree([])).toThrow('at least one leaf')
  const leaf = contributionLeaf(0, salt, salt)
  expect(() => buildMerkleTree([leaf]).proof(`0x${'00'.repeat(32)}`)).toThrow('not in the tree')
})
