import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { claimReward } from '../../engine/publish/claim-reward.ts'
import { loadProvenEpoch } from '../../engine/publish/load-proven-epoch.ts'
import type { RewardsClient } from '../../engine/publish/rewards-client.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { readBalance } from '../money/read-balance.ts'

/** A claim with the account's own balance around it. */
export interface MadeClaim {
  readonly account: Hex
  /** Zero if everything was claimed before. */
  readonly amount: bigint
  readonly balanceBefore: bigint
  readonly balanceAfter: bigint
}

/**
 * Claims for some accounts of the active epoch, one after the other.
 *
 * Anyone may send a claim; the money goes to the account.
 *
 * @throws what `claimReward` throws; claims made before stay made.
 */
export async function claimRewards(options: {
  chain: ChainConnection
  deployment: Deployment
  artifacts: ArtifactStore
  client: RewardsClient
  manifestHash: Hex
  accounts: readonly Hex[]
  signal: AbortSignal
  onProgress: (done: number, total: number) => void
}): Promise<readonly MadeClaim[]> {
  const { chain, deployment, artifacts, client, manifestHash, accounts } = options
  const proven = await loadProvenEpoch(artifacts, manifestHash)
  const claims: MadeClaim[] = []
  for (const account of accounts) {
    options.signal.throwIfAborted()
    const balanceBefore = await readBalance(chain, deployment, account)
    const { amount } = await claimReward(client, proven, account)
    const balanceAfter = await readBalance(chain, deployment, account)
    claims.push({ account, amount, balanceBefore, balanceAfter })
    options.onProgress(claims.length, accounts.length)
  }
  return claims
}
