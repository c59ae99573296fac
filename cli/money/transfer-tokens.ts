import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { transact } from '../chain/transact.ts'

/** Sends tokens from one account to another. */
export async function transferTokens(options: {
  chain: ChainConnection
  deployment: Deployment
  from: Wallet
  to: Hex
  amount: bigint
}): Promise<void> {
  await transact(options.chain, options.from, {
    address: options.deployment.addresses.token,
    abi: provenantTokenAbi,
    functionName: 'transfer',
    args: [options.to, options.amount],
  })
}
