import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex } from '../events/event.ts'

/** What an account has earned since the first epoch, and all leaves before it together. */
export interface RewardLeaf {
  readonly account: Hex
  readonly cumulative: bigint
  /** Sum of `cumulative` of the leaves before this one. */
  readonly before: bigint
}

/** What an account gets of one call, over all roles. */
export interface CreditLeaf {
  readonly account: Hex
  readonly callKey: bigint
  readonly amount: bigint
  /** Sum of `amount` of the leaves before this one. */
  readonly before: bigint
}

/** A call of the epoch with what its contributors' part is split by. */
export interface CallLeaf {
  readonly callKey: bigint
  /** keccak256 of the 116-byte record. */
  readonly recordHash: Hex
  readonly weightsHash: Hex
}

/**
 * Weights that split the contributors' part of one call; accounts ascend, weights are positive and
 * summed per account.
 */
export interface CallWeights {
  /** By influence, or by rows of the training set when no row stood out. */
  readonly influence: readonly AccountWeight[]
  /** Empty when the answer used no cited row; the part then goes to `influence`. */
  readonly retrieval: readonly AccountWeight[]
}

export interface AccountWeight {
  readonly account: Hex
  readonly weight: bigint
}

/** Bytes of one leaf. */
export const rewardLeafSize = 52
export const creditLeafSize = 64
export const callLeafSize = 76

/** Key of a call across batches: `batchId` (uint64) ‖ position in the batch (uint32). */
export function callKey(batchId: bigint, index: number): bigint {
  if (batchId < 0n || batchId >= 1n << 64n) throw new RangeError(`batch ${batchId} is no uint64`)
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** 32)
    throw new RangeError(`index ${index} is no uint32`)
  return (batchId << 32n) | BigInt(index)
}

/** account 20 ‖ cumulative 16 ‖ before 16, big-endian. */
export const rewardLeaf = ({ account, cumulative, before }: RewardLeaf): Hex =>
  `0x${address(account)}${uint(cumulative, 16)}${uint(before, 16)}`

/** account 20 ‖ callKey 12 ‖ amount 16 ‖ before 16, big-endian. */
export const creditLeaf = ({ account, callKey: key, amount, before }: CreditLeaf): Hex =>
  `0x${address(account)}${uint(key, 12)}${uint(amount, 16)}${uint(before, 16)}`

/** callKey 12 ‖ recordHash 32 ‖ weightsHash 32, big-endian. */
export const callLeaf = ({ callKey: key, recordHash, weightsHash }: CallLeaf): Hex =>
  `0x${uint(key, 12)}${digest(recordHash)}${digest(weightsHash)}`

const callWeights = {
  type: 'tuple',
  components: [
    { name: 'influence', type: 'address[]' },
    { name: 'influenceWeights', type: 'uint128[]' },
    { name: 'retrieval', type: 'address[]' },
    { name: 'retrievalWeights', type: 'uint128[]' },
  ],
} as const

/** keccak256 of the ABI encoding of `CallWeights` as the contracts decode it. */
export const weightsHash = (weights: CallWeights): Hex =>
  keccak256(encodeAbiParameters([callWeights], [solidityWeights(weights)]))

/** Weights in the four arrays of the Solidity struct. */
export const solidityWeights = ({ influence, retrieval }: CallWeights) => ({
  influence: influence.map(({ account }) => account),
  influenceWeights: influence.map(({ weight }) => weight),
  retrieval: retrieval.map(({ account }) => account),
  retrievalWeights: retrieval.map(({ weight }) => weight),
})

function address(account: Hex): string {
  if (!/^0x[0-9a-f]{40}$/.test(account)) throw new RangeError(`${account} is no lowercase address`)
  return account.slice(2)
}

function digest(hash: Hex): string {
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new RangeError(`${hash} is no lowercase hash`)
  return hash.slice(2)
}

function uint(value: bigint, bytes: number): string {
  const hex = value.toString(16)
  if (value < 0n || hex.length > 2 * bytes) throw new RangeError(`${value} has not ${bytes} bytes`)
  return hex.padStart(2 * bytes, '0')
}
