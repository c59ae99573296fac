import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { claimOf } from './claim-of.ts'
import type { ProvenEpoch } from './load-proven-epoch.ts'
import type { RewardsClient } from './rewards-client.ts'
import { sendRewardsCall } from './send-rewards-call.ts'

export interface ClaimResult {
  /** Paid by this transaction, base units. */
  readonly amount: bigint
  readonly cumulative: bigint
  /** Undefined if everything was claimed before. */
  readonly transaction: Hex | undefined
}

/**
 * Claims what an account has earned by the active epoch and not claimed yet; anyone may do it.
 *
 * @throws EPOCH_NOT_CLAIMABLE if the epoch is not the active one or has no leaf for the account;
 * TRANSACTION_FAILED.
 */
export async function claimReward(
  client: RewardsClient,
  proven: ProvenEpoch,
  account: Hex,
): Promise<ClaimResult> {
  const { publicClient, rewards: address } = client
  const holder = account.toLowerCase() as Hex
  const contract = { address, abi: rewardsDistributorAbi } as const
  const epoch = await publicClient.readContract({ ...contract, functionName: 'activeEpoch' })
  const active = await publicClient.readContract({
    ...contract,
    functionName: 'epochOf',
    args: [epoch],
  })
  const { root } = proven.proposal
  const claim = active.root === root ? claimOf(proven, holder) : undefined
  if (claim === undefined) {
    throw new BaseError('EPOCH_NOT_CLAIMABLE', {
      facts: { account, epoch, activeRoot: active.root, root },
    })
  }
  const { cumulative } = claim
  const claimed = await publicClient.readContract({
    ...contract,
    functionName: 'claimedOf',
    args: [holder],
  })
  if (claimed >= cumulative) return { amount: 0n, cumulative, transaction: undefined }
  const transaction = await sendRewardsCall(client, {
    functionName: 'claim',
    args: [holder, claim],
  })
  return { amount: cumulative - claimed, cumulative, transaction }
}
