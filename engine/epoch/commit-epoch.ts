import {
  type CallLeaf,
  type CreditLeaf,
  callKey,
  type RewardLeaf,
  weightsHash,
} from '../../schema/codec/epoch-leaves.ts'
import { orderCalls, orderCredits, orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import {
  buildOrderedMerkleTree,
  type PackedLeaves,
} from '../../schema/codec/ordered-merkle-tree.ts'
import {
  packCallLeaves,
  packCreditLeaves,
  packRewardLeaves,
} from '../../schema/codec/pack-epoch-leaves.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Decimal, Hex } from '../../schema/events/event.ts'
import type { AttributedCall, EpochManifest, EpochTreeRef } from '../../schema/manifests/epoch.ts'
import { callWeights } from './call-weights.ts'
import { type Balance, tallyBalances } from './tally-balances.ts'

/** Leaves of the three trees of an epoch, in the order of the trees. */
export interface EpochLeaves {
  readonly rewards: readonly RewardLeaf[]
  readonly credits: readonly CreditLeaf[]
  readonly calls: readonly CallLeaf[]
}

/** What an epoch says on-chain, with everything that its trees were built from. */
export interface EpochCommitments {
  readonly balances: readonly Balance[]
  readonly leaves: EpochLeaves
  /** Bytes of the three leaf artifacts. */
  readonly files: readonly Uint8Array[]
  readonly trees: EpochManifest['trees']
  readonly totalEarned: Decimal
}

/**
 * Builds the trees of an epoch from the balances before it and its attributed calls.
 *
 * @throws SUM_MISMATCH if the shares of a call are not its fee; EPOCH_EMPTY when nothing was earned.
 */
export function commitEpoch(
  previous: readonly Balance[],
  calls: readonly AttributedCall[],
): EpochCommitments {
  const balances = tallyBalances(previous, calls)
  const leaves = {
    rewards: orderRewards(
      balances.map(({ account, cumulative }) => ({ account, cumulative: BigInt(cumulative) })),
    ),
    credits: orderCredits(calls.flatMap(creditsOf)),
    calls: orderCalls(
      calls.map((call) => ({
        callKey: keyOf(call),
        recordHash: call.recordHash,
        weightsHash: weightsHash(callWeights(call.weights)),
      })),
    ),
  }
  if (leaves.credits.length === 0) throw new BaseError('EPOCH_EMPTY')
  const packed = [
    packRewardLeaves(leaves.rewards),
    packCreditLeaves(leaves.credits),
    packCallLeaves(leaves.calls),
  ] as const
  const last = leaves.rewards.at(-1)
  return {
    balances,
    leaves,
    files: packed.map(({ bytes }) => bytes),
    trees: {
      rewards: treeRef(packed[0]),
      credits: treeRef(packed[1]),
      calls: treeRef(packed[2]),
    },
    totalEarned: String((last?.before ?? 0n) + (last?.cumulative ?? 0n)),
  }
}

/** One leaf per account: what it gets of the call over all its roles. */
function creditsOf(call: AttributedCall): readonly Omit<CreditLeaf, 'before'>[] {
  const amounts = new Map<Hex, bigint>()
  for (const { account, amount } of call.shares) {
    amounts.set(account, (amounts.get(account) ?? 0n) + BigInt(amount))
  }
  return [...amounts].map(([account, amount]) => ({ account, callKey: keyOf(call), amount }))
}

const keyOf = ({ batchId, index }: AttributedCall): bigint => callKey(BigInt(batchId), index)

function treeRef(packed: PackedLeaves): EpochTreeRef {
  const { root, leafCount } = buildOrderedMerkleTree(packed)
  return { root, leaves: leafCount, hash: sha256(packed.bytes) }
}
