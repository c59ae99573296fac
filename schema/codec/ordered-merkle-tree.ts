import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from '../events/event.ts'
import { hashMany } from './hash-many.ts'

/** Leaves of one size, one after the other, in the order that the tree proves. */
export interface PackedLeaves {
  readonly bytes: Uint8Array
  /** Bytes of one leaf. */
  readonly size: number
}

/**
 * Merkle tree over leaves in a given order, so that neighbours and absence can be proven.
 *
 * leaf = keccak256(0x00 ‖ bytes), node = keccak256(0x01 ‖ left ‖ right); a missing leaf and a node over
 * two missing ones are zero. `OrderedMerkle.sol` verifies it.
 */
export interface OrderedMerkleTree {
  readonly root: Hex
  readonly leafCount: number
  leafHash(index: number): Hex
  /** Sibling hashes from the leaf up, as many as `orderedDepth(leafCount)`. */
  proof(index: number): readonly Hex[]
}

const leafTag = 0
const nodeTag = 1
const hashSize = 32
const zeroHash: Hex = `0x${'00'.repeat(hashSize)}`

/**
 * Builds the tree; all levels are kept, 64 bytes per leaf.
 *
 * @param declared Leaves that the tree is said to have; those beyond the given ones are missing.
 * @throws RangeError without leaves, with 2^32 or more, or with half a leaf.
 */
export function buildOrderedMerkleTree(
  { bytes, size }: PackedLeaves,
  declared = bytes.length / size,
): OrderedMerkleTree {
  const given = bytes.length / size
  if (!Number.isSafeInteger(given) || given < 1 || declared < given || declared >= 2 ** 32)
    throw new RangeError(`${bytes.length} bytes are no ${declared} leaves of ${size} bytes`)
  const depth = orderedDepth(declared)
  const levels = [levelOf(given)]
  hashMany(leafTag, bytes, size, levels[0]!)
  for (let count = given; levels.length <= depth; ) {
    const below = levels.at(-1)!
    count = Math.ceil(count / 2)
    const level = levelOf(count)
    hashMany(nodeTag, below, 2 * hashSize, level)
    levels.push(level)
  }
  const at = (level: number, index: number): Hex => {
    const hash = levels[level]!.subarray(index * hashSize, (index + 1) * hashSize)
    return hash.length === 0 ? zeroHash : bytesToHex(hash)
  }
  const checked = (index: number): number => {
    if (Number.isSafeInteger(index) && index >= 0 && index < declared) return index
    throw new RangeError(`leaf ${index} of ${declared}`)
  }
  return {
    root: at(depth, 0),
    leafCount: declared,
    leafHash: (index) => at(0, checked(index)),
    proof(index) {
      let position = checked(index)
      return levels.slice(0, depth).map((_, level) => {
        const sibling = at(level, position % 2 === 0 ? position + 1 : position - 1)
        position = Math.floor(position / 2)
        return sibling
      })
    },
  }
}

// Always room for a sibling, so that every level can be folded in pairs.
const levelOf = (count: number): Uint8Array => new Uint8Array(Math.ceil(count / 2) * 2 * hashSize)

/** Levels between a leaf and the root of a tree of `leafCount` leaves. */
export const orderedDepth = (leafCount: number): number =>
  leafCount < 2 ? 0 : 32 - Math.clz32(leafCount - 1)

/** Hash of one leaf as the tree holds it. */
export const orderedLeafHash = (leaf: Hex): Hex => tagged(leafTag, hexToBytes(leaf))

/** Says whether a leaf hash stands at `index` of the tree with this root and size. */
export function verifyOrderedProof(
  tree: { readonly root: Hex; readonly leafCount: number },
  index: number,
  leafHash: Hex,
  proof: readonly Hex[],
): boolean {
  const { root, leafCount } = tree
  if (index >= leafCount || proof.length !== orderedDepth(leafCount)) return false
  if (leafHash === zeroHash) return false
  const folded = proof.reduce((node, sibling, level) => {
    const right = Math.floor(index / 2 ** level) % 2 === 1
    return orderedNode(right ? sibling : node, right ? node : sibling)
  }, leafHash)
  return folded === root
}

/** Hash of a node over its two children. */
export const orderedNode = (left: Hex, right: Hex): Hex =>
  left === zeroHash && right === zeroHash
    ? zeroHash
    : tagged(nodeTag, hexToBytes(`${left}${right.slice(2)}`))

function tagged(tag: number, bytes: Uint8Array): Hex {
  const digest = new Uint8Array(hashSize)
  hashMany(tag, bytes, bytes.length, digest)
  return bytesToHex(digest)
}
