import { claimReward } from '../../engine/publish/claim-reward.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { readBalance } from '../money/read-balance.ts'
import type { Stack } from '../stack/start-stack.ts'
import { rewardsClient } from './close-epoch.ts'

export interface DemoClaim {
  readonly account: Hex
  readonly amount: bigint
  readonly balanceBefore: bigint
  readonly balanceAfter: bigint
}

/**
 * Claims for every account of the epoch but the platform, which leaves its part in the distributor.
 *
 * Anyone may send a claim; the money goes to the account.
 */
export async function claimRewards(options: {
  stack: Stack
  manifest: EpochManifest
  manifestHash: Hex
  signal: AbortSignal
  onProgress: (done: number, total: number) => void
}): Promise<readonly DemoClaim[]> {
  const { stack, manifest, manifestHash } = options
  const { chain } = stack.services
  const client = rewardsClient(stack, stack.keys.deployer.privateKey)
  const accounts = manifest.leaves.filter(({ account }) => account !== manifest.accounts.platform)
  const claims: DemoClaim[] = []
  for (const { account } of accounts) {
    options.signal.throwIfAborted()
    const balanceBefore = await readBalance(chain, stack.deployment, account)
    const { amount } = await claimReward(client, stack.artifacts, manifestHash, account)
    const balanceAfter = await readBalance(chain, stack.deployment, account)
    claims.push({ account, amount, balanceBefore, balanceAfter })
    options.onProgress(claims.length, accounts.length)
  }
  return claims
}
