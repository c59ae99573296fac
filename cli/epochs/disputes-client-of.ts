import type { DisputesClient } from '../../engine/disputes/disputes-client.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

/** Opens the contracts that epochs are challenged at with the account that pays and is rewarded. */
export function disputesClientOf(
  chain: ChainConnection,
  { addresses, blockNumber }: Deployment,
  privateKey: Hex,
): DisputesClient {
  return {
    rewards: addresses.rewards,
    disputes: addresses.disputes,
    ledger: addresses.ledger,
    since: BigInt(blockNumber),
    publicClient: chain.publicClient,
    walletClient: chain.wallet(privateKey),
  }
}
