import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

/**
 * Finds a registered model of an account by its name.
 *
 * @returns undefined if the name is free
 * @throws `MODEL_NAME_TAKEN` when it belongs to another account.
 */
export async function findModel(
  chain: ChainConnection,
  deployment: Deployment,
  name: string,
  owner: Hex,
): Promise<bigint | undefined> {
  const registry = { address: deployment.addresses.models, abi: modelRegistryAbi } as const
  const modelId = await chain.publicClient.readContract({
    ...registry,
    functionName: 'modelIdOf',
    args: [name],
  })
  if (modelId === 0n) return undefined
  const model = await chain.publicClient.readContract({
    ...registry,
    functionName: 'modelOf',
    args: [modelId],
  })
  if (model.owner.toLowerCase() === owner) return modelId
  throw new BaseError('MODEL_NAME_TAKEN', { facts: { name, modelId, owner: model.owner } })
}
