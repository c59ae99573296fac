import type { CallLeaf, CreditLeaf, RewardLeaf } from '../../schema/codec/epoch-leaves.ts'
import type { OpenTree } from './open-tree.ts'

/** A leaf with its place, as the fault proofs take it. */
export const leafProof = <Leaf extends RewardLeaf | CreditLeaf | CallLeaf>(
  { leaves, tree }: OpenTree<Leaf>,
  index: number,
) => ({ ...leaves[index]!, index, proof: tree.proof(index) })

/**
 * The leaves around the place of a key: the two neighbours, or the one at an edge.
 *
 * @param isBelow whether a leaf lies before the place; the leaves must ascend.
 */
export function proofsAround<Leaf extends RewardLeaf | CreditLeaf | CallLeaf>(
  open: OpenTree<Leaf>,
  isBelow: (leaf: Leaf) => boolean,
) {
  const right = firstNotBelow(open.leaves, isBelow)
  const indices = [right - 1, right].filter((index) => index >= 0 && index < open.leaves.length)
  return indices.map((index) => leafProof(open, index))
}

/** Index of the first leaf that is not below a place, by bisection. */
export function firstNotBelow<Leaf>(
  leaves: readonly Leaf[],
  isBelow: (leaf: Leaf) => boolean,
): number {
  let low = 0
  let high = leaves.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isBelow(leaves[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
