import type { Hex } from '../../schema/events/event.ts'
import type { ProvenEpoch } from './load-proven-epoch.ts'

/** The leaf of an account and where it is; `Claim` of the rewards distributor. */
export interface RewardClaim {
  readonly cumulative: bigint
  readonly before: bigint
  readonly index: number
  readonly proof: readonly Hex[]
}

/** Builds the claim of an account, or undefined if it has earned nothing. */
export function claimOf(
  { leaves, rewards }: Pick<ProvenEpoch, 'leaves' | 'rewards'>,
  account: Hex,
): RewardClaim | undefined {
  const index = leaves.rewards.findIndex((leaf) => leaf.account === account.toLowerCase())
  const leaf = leaves.rewards[index]
  if (leaf === undefined) return undefined
  const { cumulative, before } = leaf
  return { cumulative, before, index, proof: rewards.proof(index) }
}
