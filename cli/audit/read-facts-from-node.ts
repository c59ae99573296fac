import { contractBook } from '../../indexer/decode/contract-book.ts'
import { decodeBlock } from '../../indexer/decode/decode-block.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

/** Nodes limit a query to some thousands of blocks. */
const blocksPerQuery = 5_000n

/**
 * Reads all facts of a deployment straight from a node, without log or database: what an auditor
 * who trusts nobody starts from.
 *
 * @throws `NODE_UNAVAILABLE`
 */
export async function readFactsFromNode(
  chain: ChainConnection,
  deployment: Deployment,
  onProgress: (block: number, head: number) => void,
): Promise<readonly ChainFact[]> {
  try {
    const facts: ChainFact[] = []
    const head = await chain.publicClient.getBlockNumber()
    for (let from = BigInt(deployment.blockNumber); from <= head; from += blocksPerQuery) {
      const end = from + blocksPerQuery - 1n
      facts.push(...(await readRange(chain, deployment, from, end < head ? end : head)))
      onProgress(Number(end < head ? end : head), Number(head))
    }
    return facts
  } catch (cause) {
    throw new BaseError('NODE_UNAVAILABLE', { facts: { url: chain.rpcUrl }, cause })
  }
}

async function readRange(
  { publicClient, chainId }: ChainConnection,
  deployment: Deployment,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<readonly ChainFact[]> {
  const contracts = contractBook(deployment)
  const logs = await publicClient.getLogs({
    address: [...contracts.keys()],
    ...{ fromBlock, toBlock },
  })
  const facts: ChainFact[] = []
  for (const blockNumber of new Set(logs.map((log) => log.blockNumber))) {
    const { timestamp } = await publicClient.getBlock({ blockNumber })
    const chainLogs = logs
      .filter((log) => log.blockNumber === blockNumber)
      .map((log) => ({
        chainId,
        blockNumber: Number(blockNumber),
        blockHash: log.blockHash,
        txHash: log.transactionHash,
        logIndex: log.logIndex,
        timestamp: Number(timestamp),
        address: log.address.toLowerCase() as Hex,
        topics: log.topics,
        data: log.data,
      }))
    facts.push(...decodeBlock(chainId, contracts, chainLogs))
  }
  return facts
}
