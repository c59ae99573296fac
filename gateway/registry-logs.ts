import { type ParseEventLogsReturnType, type PublicClient, parseEventLogs } from 'viem'
import { datanetRegistryAbi } from '../contracts/abi/datanet-registry.ts'
import { modelRegistryAbi } from '../contracts/abi/model-registry.ts'
import type { Deployment } from '../schema/deployment.ts'
import { askNode } from './ask-node.ts'

// Nodes limit a query to some thousands of blocks.
const blocksPerQuery = 5_000n
// Logs of the last blocks are read again each time, because a reorganisation may replace them.
const overlap = 64n

const registryAbi = [...datanetRegistryAbi, ...modelRegistryAbi] as const
export type RegistryLog = ParseEventLogsReturnType<typeof registryAbi, undefined, true>[number]

/** Follows the registries' logs; each call returns all of them in chain order. */
export function followRegistryLogs(
  node: PublicClient,
  deployment: Deployment,
): () => Promise<readonly RegistryLog[]> {
  const { models, datanets } = deployment.addresses
  const start = BigInt(deployment.blockNumber)
  let known: readonly RegistryLog[] = []
  let next = start
  return () =>
    askNode('registry logs', async () => {
      const head = await node.getBlockNumber({ cacheTime: 0 })
      const from = next - overlap > start ? next - overlap : start
      const fresh: RegistryLog[] = known.filter((log) => log.blockNumber < from)
      for (let block = from; block <= head; block += blocksPerQuery) {
        const last = block + blocksPerQuery - 1n
        const logs = await node.getLogs({
          address: [models, datanets],
          fromBlock: block,
          toBlock: last < head ? last : head,
        })
        fresh.push(...parseEventLogs({ abi: registryAbi, logs }))
      }
      known = fresh
      next = head + 1n
      return known
    })
}
