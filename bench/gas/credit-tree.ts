import { creditLeafSize } from '../../schema/codec/epoch-leaves.ts'
import {
  buildOrderedMerkleTree,
  type OrderedMerkleTree,
} from '../../schema/codec/ordered-merkle-tree.ts'
import { unpackCreditLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import { pseudoRandomBytes } from '../merkle/pseudo-random-bytes.ts'
import { write128 } from './reward-tree.ts'

/** A real tree over credits, one for each account. */
export interface CreditTree {
  readonly tree: OrderedMerkleTree
  /** Leaf and path as the fault proofs take them. */
  proofOf(index: number): {
    readonly account: Hex
    readonly callKey: bigint
    readonly amount: bigint
    readonly before: bigint
    readonly index: number
    readonly proof: readonly Hex[]
  }
  /** The two leaves around an account without credits. */
  around(account: Hex): readonly [number, number]
}

/**
 * Builds the tree of `size` credits.
 *
 * @param change Rewrites the packed leaves before they are hashed, to make a fault.
 */
export function buildCreditTree(
  size: number,
  callKeys: readonly bigint[],
  change: (leaves: Buffer) => void = () => undefined,
): CreditTree {
  const noise = Buffer.from(pseudoRandomBytes(size * 20, size + 1).buffer)
  const leaves = Buffer.alloc(size * creditLeafSize)
  const spread = (1n << 64n) / BigInt(size + 1)
  for (let i = 0; i < size; i++) {
    const at = i * creditLeafSize
    noise.copy(leaves, at, i * 20, (i + 1) * 20)
    leaves.writeBigUInt64BE(spread * BigInt(i + 1), at)
    const key = callKeys[i % callKeys.length] ?? 0n
    leaves.writeUInt32BE(Number(key >> 64n), at + 20)
    leaves.writeBigUInt64BE(key & 0xffff_ffff_ffff_ffffn, at + 24)
    write128(leaves, 10n ** 15n, at + 32)
    write128(leaves, 10n ** 15n * BigInt(i), at + 48)
  }
  change(leaves)
  const tree = buildOrderedMerkleTree({ bytes: leaves, size: creditLeafSize })
  return {
    tree,
    proofOf(index) {
      const at = index * creditLeafSize
      const [leaf] = unpackCreditLeaves(leaves.subarray(at, at + creditLeafSize))
      if (leaf === undefined) throw new RangeError(`credit ${index} of ${size}`)
      return { ...leaf, index, proof: tree.proof(index) }
    },
    around(account) {
      const prefix = BigInt(account.slice(0, 18))
      const left = Number(prefix / spread) - 1
      if (left < 0 || left + 1 >= size) throw new RangeError(`${account} is at an edge`)
      const [a, b] = [this.proofOf(left).account, this.proofOf(left + 1).account]
      if (a < account && account < b) return [left, left + 1]
      return a > account ? [left - 1, left] : [left + 1, left + 2]
    },
  }
}
