import { rewardLeafSize } from '../../schema/codec/epoch-leaves.ts'
import {
  buildOrderedMerkleTree,
  type OrderedMerkleTree,
} from '../../schema/codec/ordered-merkle-tree.ts'
import { unpackRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import { pseudoRandomBytes } from '../merkle/pseudo-random-bytes.ts'

/** A real tree over the rewards of that many accounts. */
export interface RewardTree {
  readonly tree: OrderedMerkleTree
  readonly total: bigint
  /** Leaf and path of one account, as `claim` and the fault proofs take them. */
  proofOf(index: number): {
    readonly account: Hex
    readonly cumulative: bigint
    readonly before: bigint
    readonly index: number
    readonly proof: readonly Hex[]
  }
}

/**
 * Builds the tree of `size` accounts that have earned between 0.1 and 0.2 tokens times `factor`.
 *
 * @param change Rewrites the packed leaves before they are hashed, to make a fault.
 */
export function buildRewardTree(
  size: number,
  factor: bigint,
  change: (leaves: Buffer) => void = () => undefined,
): RewardTree {
  const noise = Buffer.from(pseudoRandomBytes(size * 20, size).buffer)
  const leaves = Buffer.alloc(size * rewardLeafSize)
  const spread = (1n << 64n) / BigInt(size + 1)
  let total = 0n
  for (let i = 0; i < size; i++) {
    const at = i * rewardLeafSize
    noise.copy(leaves, at, i * 20, (i + 1) * 20)
    // The first 8 bytes ascend, so the accounts do.
    leaves.writeBigUInt64BE(spread * BigInt(i + 1), at)
    const random = BigInt(noise.readUInt32LE(i * 20)) * 23_283_064n
    const cumulative = (10n ** 17n + random) * factor
    write128(leaves, cumulative, at + 20)
    write128(leaves, total, at + 36)
    total += cumulative
  }
  change(leaves)
  const tree = buildOrderedMerkleTree({ bytes: leaves, size: rewardLeafSize })
  return {
    tree,
    total,
    proofOf(index) {
      const at = index * rewardLeafSize
      const [leaf] = unpackRewardLeaves(leaves.subarray(at, at + rewardLeafSize))
      if (leaf === undefined) throw new RangeError(`leaf ${index} of ${size}`)
      return { ...leaf, index, proof: tree.proof(index) }
    },
  }
}

/** Writes an unsigned 128-bit number, big-endian. */
export function write128(bytes: Buffer, value: bigint, at: number): void {
  bytes.writeBigUInt64BE(value >> 64n, at)
  bytes.writeBigUInt64BE(value & 0xffff_ffff_ffff_ffffn, at + 8)
}
