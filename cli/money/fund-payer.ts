import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { deposit } from './deposit.ts'
import { transferTokens } from './transfer-tokens.ts'

/** Gives a payer tokens of the treasury and puts them into escrow for the operator. */
export async function fundPayer(options: {
  chain: ChainConnection
  deployment: Deployment
  treasury: Wallet
  payer: Wallet
  operator: Hex
  amount: bigint
}): Promise<void> {
  const { chain, deployment, treasury, payer, operator, amount } = options
  const to = payer.account.address
  await transferTokens({ chain, deployment, from: treasury, to, amount })
  await deposit({ chain, deployment, payer, operator, amount })
}
