import { concat, keccak256 } from 'viem'
import type { Hex } from '../events/event.ts'

/**
 * Merkle tree over leaf hashes in the layout of OpenZeppelin's `StandardMerkleTree`.
 *
 * Leaves are sorted by hash and stored from the end of the array; a node is the keccak256 of its
 * sorted children, so proofs need no left/right flags and `MerkleProof.sol` verifies them.
 */
export interface MerkleTree {
  readonly root: Hex
  /** Sibling hashes from the leaf up. */
  proof(leaf: Hex): readonly Hex[]
}

/** Builds the tree; the order of `leaves` does not matter. */
export function buildMerkleTree(leaves: readonly Hex[]): MerkleTree {
  if (leaves.length === 0) throw new RangeError('a Merkle tree has at least one leaf')
  const sorted = [...leaves].sort(compareHex)
  const nodes: Hex[] = new Array(2 * sorted.length - 1)
  const position = new Map<Hex, number>()
  sorted.forEach((leaf, i) => {
    nodes[nodes.length - 1 - i] = leaf
    position.set(leaf, nodes.length - 1 - i)
  })
  for (let i = nodes.length - 1 - sorted.length; i >= 0; i--) {
    nodes[i] = hashPair(nodes[2 * i + 1] as Hex, nodes[2 * i + 2] as Hex)
  }
  return {
    root: nodes[0] as Hex,
    proof(leaf) {
      let at = position.get(leaf)
      if (at === undefined) throw new RangeError(`leaf ${leaf} is not in the tree`)
      const path: Hex[] = []
      while (at > 0) {
        path.push(nodes[at % 2 === 0 ? at - 1 : at + 1] as Hex)
        at = (at - 1) >> 1
      }
      return path
    },
  }
}

/** Folds a proof up to the root it implies. */
export const rootOfProof = (leaf: Hex, proof: readonly Hex[]): Hex => proof.reduce(hashPair, leaf)

const hashPair = (a: Hex, b: Hex): Hex =>
  keccak256(compareHex(a, b) <= 0 ? concat([a, b]) : concat([b, a]))

const compareHex = (a: Hex, b: Hex): number => (a < b ? -1 : a > b ? 1 : 0)
