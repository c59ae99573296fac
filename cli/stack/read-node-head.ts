import type { NodeHead } from '../../api/context.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

/** Reads the newest block of the node; undefined when it is silent. */
export async function readNodeHead({
  publicClient,
}: ChainConnection): Promise<NodeHead | undefined> {
  try {
    const block = await publicClient.getBlock({ blockTag: 'latest' })
    return { number: Number(block.number), timestamp: Number(block.timestamp) }
  } catch {
    return undefined
  }
}
