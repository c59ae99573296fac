import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { Hex } from '../../schema/events/event.ts'

/** A connection to the rewards distributor; the account pays for the transactions. */
export interface RewardsClient {
  readonly rewards: Hex
  readonly publicClient: PublicClient
  readonly walletClient: WalletClient<Transport, Chain, Account>
}
