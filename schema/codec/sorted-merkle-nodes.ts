import { createKeccakKernel, firstFreeByte } from './keccak/keccak-kernel.ts'
import { orderByHash } from './order-by-hash.ts'

const size = 32
const wordsPerHash = 8

/** All nodes of a tree in the layout of OpenZeppelin's `StandardMerkleTree`, as bytes. */
export interface SortedMerkleNodes {
  readonly root: Uint8Array
  readonly leafCount: number
  /** Hashes above the deepest leaf. */
  readonly depth: number
  /**
   * Writes the sibling hashes of leaf `index` of the input, from the leaf up.
   *
   * @param target takes `depth × 8` words of 4 bytes each; words, because a proof copied as views of
   *   bytes takes three times as long.
   * @returns how many hashes were written.
   */
  writeProof(index: number, target: Uint32Array): number
}

/**
 * Builds the tree: leaves sorted by hash and stored from the end of a heap, a node being the
 * keccak256 of its children in ascending order.
 *
 * @param leaves `count × 32` bytes, at least one leaf; 64 bytes of memory per leaf are held.
 */
export function buildSortedMerkleNodes(leaves: Uint8Array): SortedMerkleNodes {
  const leafCount = leaves.length / size
  if (!Number.isSafeInteger(leafCount) || leafCount < 1)
    throw new RangeError('a Merkle tree has at least one leaf')
  const nodeCount = 2 * leafCount - 1
  const kernel = createKeccakKernel()
  kernel.reserve(firstFreeByte + nodeCount * size)
  const nodes = kernel.bytes().subarray(firstFreeByte, firstFreeByte + nodeCount * size)
  const words = new Uint32Array(nodes.buffer, nodes.byteOffset, nodeCount * wordsPerHash)
  const positions = new Uint32Array(leafCount)
  const order = orderByHash(leaves)
  for (let rank = 0; rank < leafCount; rank++) {
    const leaf = order[rank]!
    const position = nodeCount - 1 - rank
    positions[leaf] = position
    nodes.set(leaves.subarray(leaf * size, (leaf + 1) * size), position * size)
  }
  kernel.foldSorted(firstFreeByte, 0, leafCount - 2)
  return {
    root: nodes.slice(0, size),
    leafCount,
    depth: leafCount < 2 ? 0 : 32 - Math.clz32(leafCount - 1),
    writeProof(index, target) {
      let at = positions[index]
      if (at === undefined) throw new RangeError(`leaf ${index} of ${leafCount}`)
      let written = 0
      for (; at > 0; at = (at - 1) >>> 1) {
        const sibling = (at % 2 === 0 ? at - 1 : at + 1) * wordsPerHash
        for (let word = 0; word < wordsPerHash; word++)
          target[written + word] = words[sibling + word]!
        written += wordsPerHash
      }
      return written / wordsPerHash
    },
  }
}
