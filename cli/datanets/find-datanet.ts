import { getAbiItem } from 'viem'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

export interface FoundDatanet {
  readonly datanetId: bigint
  readonly owner: Hex
}

/**
 * Finds a Datanet by its name or number; names are not unique, so the one of `preferredOwner` wins
 * and then the oldest.
 */
export async function findDatanet(
  chain: ChainConnection,
  deployment: Deployment,
  nameOrId: string,
  preferredOwner?: Hex,
): Promise<FoundDatanet | undefined> {
  const logs = await chain.publicClient.getLogs({
    address: deployment.addresses.datanets,
    fromBlock: BigInt(deployment.blockNumber),
    event: getAbiItem({ abi: datanetRegistryAbi, name: 'DatanetCreated' }),
    strict: true,
  })
  const found = logs
    .filter(({ args }) => args.uri === `datanet:${nameOrId}` || String(args.datanetId) === nameOrId)
    .map(({ args }) => ({
      datanetId: args.datanetId,
      owner: args.owner.toLowerCase() as Hex,
    }))
  return found.find(({ owner }) => owner === preferredOwner) ?? found[0]
}
