import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { epochLeaf } from '../../schema/codec/leaves.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { loadProvenEpoch } from './load-proven-epoch.ts'
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
 * @throws EPOCH_NOT_CLAIMABLE if the manifest is not that of the active epoch or has no leaf for the
 * account; what reading the manifest throws; TRANSACTION_FAILED.
 */
export async function claimReward(
  client: RewardsClient,
  artifacts: ArtifactStore,
  manifestHash: Hex,
  account: Hex,
): Promise<ClaimResult> {
  const { publicClient, rewards: address } = client
  const { manifest, tree } = await loadProvenEpoch(artifacts, manifestHash)
  const holder = account.toLowerCase() as Hex
  const contract = { address, abi: rewardsDistributorAbi } as const
  const epoch = await publicClient.readContract({ ...contract, functionName: 'activeEpoch' })
  const active = await publicClient.readContract({
    ...contract,
    functionName: 'epochOf',
    args: [epoch],
  })
  const leaf = manifest.leaves.find((candidate) => candidate.account === holder)
  if (leaf === undefined || active.root !== manifest.root) {
    throw new BaseError('EPOCH_NOT_CLAIMABLE', {
      facts: { account, epoch, activeRoot: active.root, root: manifest.root },
    })
  }
  const cumulative = BigInt(leaf.cumulative)
  const claimed = await publicClient.readContract({
    ...contract,
    functionName: 'claimedOf',
    args: [holder],
  })
  if (claimed >= cumulative) return { amount: 0n, cumulative, transaction: undefined }
  const proof = tree.proof(epochLeaf(holder, manifest.token, cumulative))
  const transaction = await sendRewardsCall(client, {
    functionName: 'claim',
    args: [holder, cumulative, proof],
  })
  return { amount: cumulative - claimed, cumulative, transaction }
}
