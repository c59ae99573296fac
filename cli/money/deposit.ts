import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { transact } from '../chain/transact.ts'

/** Puts tokens of `payer` into escrow for calls served by `operator`. */
export async function deposit(options: {
  chain: ChainConnection
  deployment: Deployment
  payer: Wallet
  operator: Hex
  amount: bigint
}): Promise<void> {
  const { chain, deployment, payer, amount } = options
  await transact(chain, payer, {
    address: deployment.addresses.token,
    abi: provenantTokenAbi,
    functionName: 'approve',
    args: [deployment.addresses.escrow, amount],
  })
  await transact(chain, payer, {
    address: deployment.addresses.escrow,
    abi: inferenceEscrowAbi,
    functionName: 'deposit',
    args: [options.operator, amount],
  })
}
