import {
  buildOrderedMerkleTree,
  type OrderedMerkleTree,
  orderedDepth,
  type PackedLeaves,
} from '../../schema/codec/ordered-merkle-tree.ts'
import type { Hex } from '../../schema/events/event.ts'

/** A tree of which the leaves behind the root are known. */
export interface OpenTree<Leaf> {
  readonly leaves: readonly Leaf[]
  /** Proves the leaves against the declared root and number of leaves. */
  readonly tree: OrderedMerkleTree
  /** Index of the first leaf that was declared and is not there. */
  readonly missing: number | undefined
}

/** What a proposal declares of a tree. */
export interface DeclaredTree {
  readonly root: Hex
  readonly leafCount: number
}

/**
 * Opens a declared tree with leaves that may be those behind its root.
 *
 * @returns undefined if they are others.
 */
export function openTree<Leaf>(
  declared: DeclaredTree,
  leaves: readonly Leaf[],
  packed: PackedLeaves,
): OpenTree<Leaf> | undefined {
  const { root, leafCount } = declared
  if (leaves.length === 0 || orderedDepth(leaves.length) > orderedDepth(leafCount)) return undefined
  const tree = buildOrderedMerkleTree(packed, Math.max(leafCount, leaves.length))
  if (tree.root !== root) return undefined
  return {
    // No proof reaches a leaf beyond the declared number.
    leaves: leaves.slice(0, leafCount),
    tree,
    missing: leaves.length < leafCount ? leaves.length : undefined,
  }
}
