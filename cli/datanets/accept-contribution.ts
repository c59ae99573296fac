import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { transact } from '../chain/transact.ts'

/** Accepts a contribution as the owner of its Datanet; only accepted rows are trained on and paid. */
export async function acceptContribution(options: {
  chain: ChainConnection
  deployment: Deployment
  owner: Wallet
  contributionId: bigint
}): Promise<void> {
  await transact(options.chain, options.owner, {
    address: options.deployment.addresses.datanets,
    abi: datanetRegistryAbi,
    functionName: 'acceptContribution',
    args: [options.contributionId],
  })
}
