import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

/** Reads an account's token balance in base units. */
export async function readBalance(
  chain: ChainConnection,
  deployment: Deployment,
  account: Hex,
): Promise<bigint> {
  return chain.publicClient.readContract({
    address: deployment.addresses.token,
    abi: provenantTokenAbi,
    functionName: 'balanceOf',
    args: [account],
  })
}
