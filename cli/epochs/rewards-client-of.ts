import type { RewardsClient } from '../../engine/publish/rewards-client.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

/** Opens the rewards distributor with the account that pays for the transactions. */
export function rewardsClientOf(
  chain: ChainConnection,
  deployment: Deployment,
  privateKey: Hex,
): RewardsClient {
  return {
    rewards: deployment.addresses.rewards,
    publicClient: chain.publicClient,
    walletClient: chain.wallet(privateKey),
  }
}
