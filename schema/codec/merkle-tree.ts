import { bytesToHex, concat, hexToBytes, keccak256 } from 'viem'
import type { Hex } from '../events/event.ts'
import { buildSortedMerkleNodes } from './sorted-merkle-nodes.ts'

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
  const nodes = buildSortedMerkleNodes(
    hexToBytes(`0x${leaves.map((leaf) => leaf.slice(2)).join('')}`),
  )
  const numbers = new Map(leaves.map((leaf, i) => [leaf, i]))
  const words = new Uint32Array(8 * nodes.depth)
  const path = new Uint8Array(words.buffer)
  return {
    root: bytesToHex(nodes.root),
    proof(leaf) {
      const number = numbers.get(leaf)
      if (number === undefined) throw new RangeError(`leaf ${leaf} is not in the tree`)
      return Array.from({ length: nodes.writeProof(number, words) }, (_, i) =>
        bytesToHex(path.subarray(32 * i, 32 * i + 32)),
      )
    },
  }
}

/** Folds a proof up to the root it implies. */
export const rootOfProof = (leaf: Hex, proof: readonly Hex[]): Hex => proof.reduce(hashPair, leaf)

const hashPair = (a: Hex, b: Hex): Hex => keccak256(a <= b ? concat([a, b]) : concat([b, a]))
