import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../events/event.ts'
import { epochLeaf } from './leaves.ts'
import { buildMerkleTree, rootOfProof } from './merkle-tree.ts'

const token: Hex = `0x${'11'.repeat(20)}`
const account = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)

test('root and proofs equal those of OpenZeppelin for any set of balances', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(account, { minLength: 1, maxLength: 40 }),
      fc.bigInt({ min: 1n, max: 1n << 120n }),
      (accounts, base) => {
        const balances = accounts.map((a, i) => [a, token, base + BigInt(i)] as const)
        const oracle = StandardMerkleTree.of(
          balances.map((balance) => [...balance]),
          ['address', 'address', 'uint256'],
        )
        const leaves = balances.map(([a, t, amount]) => epochLeaf(a, t, amount))
        const tree = buildMerkleTree(leaves)
        expect(tree.root).toBe(oracle.root)
        leaves.forEach((leaf, i) => {
          expect(tree.proof(leaf)).toEqual(oracle.getProof(i))
          expect(rootOfProof(leaf, tree.proof(leaf))).toBe(tree.root)
        })
      },
    ),
    { numRuns: 60 },
  )
})

test('the order of leaves does not matter', () => {
  const leaves = [1n, 2n, 3n, 4n, 5n].map((n) => epochLeaf(`0x${'ab'.repeat(20)}`, token, n))
  expect(buildMerkleTree([...leaves].reverse()).root).toBe(buildMerkleTree(leaves).root)
})

test('an empty tree and a foreign leaf are refused', () => {
  expect(() => buildMerkleTree([])).toThrow('at least one leaf')
  const leaf = epochLeaf(`0x${'ab'.repeat(20)}`, token, 1n)
  expect(() => buildMerkleTree([leaf]).proof(`0x${'00'.repeat(32)}`)).toThrow('not in the tree')
})
