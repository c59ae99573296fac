import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { Hex } from '../../schema/events/event.ts'

/** Contracts that an epoch is checked against and challenged at. */
export interface DisputesSource {
  readonly rewards: Hex
  readonly disputes: Hex
  readonly ledger: Hex
  /** First block that may hold anything of the contracts. */
  readonly since: bigint
  readonly publicClient: PublicClient
}

/** The same with an account that pays for the transactions and gets the reward. */
export interface DisputesClient extends DisputesSource {
  readonly walletClient: WalletClient<Transport, Chain, Account>
}
