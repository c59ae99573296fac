import { BaseError } from '../errors.ts'
import type { Hex } from '../events/event.ts'
import {
  type CallLeaf,
  type CreditLeaf,
  callLeaf,
  callLeafSize,
  creditLeaf,
  creditLeafSize,
  type RewardLeaf,
  rewardLeaf,
  rewardLeafSize,
} from './epoch-leaves.ts'
import type { PackedLeaves } from './ordered-merkle-tree.ts'

/** Packs leaves as they are, in the order given; the bytes are what the tree hashes. */
export const packRewardLeaves = (leaves: readonly RewardLeaf[]): PackedLeaves =>
  pack(leaves, rewardLeaf, rewardLeafSize)

export const packCreditLeaves = (leaves: readonly CreditLeaf[]): PackedLeaves =>
  pack(leaves, creditLeaf, creditLeafSize)

export const packCallLeaves = (leaves: readonly CallLeaf[]): PackedLeaves =>
  pack(leaves, callLeaf, callLeafSize)

/**
 * Reads packed leaves back, whether or not they are in order.
 *
 * @throws MANIFEST_INVALID when the length is no whole number of leaves.
 */
export const unpackRewardLeaves = (bytes: Uint8Array): readonly RewardLeaf[] =>
  unpack(bytes, rewardLeafSize, (leaf) => ({
    account: leaf.hex(0, 20),
    cumulative: leaf.uint(20, 36),
    before: leaf.uint(36, 52),
  }))

export const unpackCreditLeaves = (bytes: Uint8Array): readonly CreditLeaf[] =>
  unpack(bytes, creditLeafSize, (leaf) => ({
    account: leaf.hex(0, 20),
    callKey: leaf.uint(20, 32),
    amount: leaf.uint(32, 48),
    before: leaf.uint(48, 64),
  }))

export const unpackCallLeaves = (bytes: Uint8Array): readonly CallLeaf[] =>
  unpack(bytes, callLeafSize, (leaf) => ({
    callKey: leaf.uint(0, 12),
    recordHash: leaf.hex(12, 44),
    weightsHash: leaf.hex(44, 76),
  }))

function pack<Leaf>(
  leaves: readonly Leaf[],
  encode: (leaf: Leaf) => Hex,
  size: number,
): PackedLeaves {
  const bytes = Buffer.alloc(leaves.length * size)
  leaves.forEach((leaf, i) => {
    bytes.write(encode(leaf).slice(2), i * size, 'hex')
  })
  return { bytes, size }
}

interface LeafReader {
  hex(from: number, to: number): Hex
  uint(from: number, to: number): bigint
}

function unpack<Leaf>(
  bytes: Uint8Array,
  size: number,
  decode: (leaf: LeafReader) => Leaf,
): readonly Leaf[] {
  if (bytes.length % size !== 0) {
    throw new BaseError('MANIFEST_INVALID', {
      facts: { problem: 'half a leaf', bytes: bytes.length, leafSize: size },
    })
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / size }, (_, i) => {
    const hex = (from: number, to: number): Hex =>
      `0x${buffer.toString('hex', i * size + from, i * size + to)}`
    // Faster than reading the digits: an amount is at most two words.
    const uint = (from: number, to: number): bigint => {
      const low = buffer.readBigUInt64BE(i * size + to - 8)
      const high =
        to - from === 12
          ? BigInt(buffer.readUInt32BE(i * size + from))
          : buffer.readBigUInt64BE(i * size + from)
      return (high << 64n) | low
    }
    return decode({ hex, uint })
  })
}
