import type { Hex } from '../../schema/events/event.ts'
import type { ChainLog } from '../decode/chain-log.ts'
import type { SourceBlock } from './filtered-history.ts'

/**
 * Puts chain and block beside each log, the way decoders read them, in the order of the block.
 *
 * Some providers put an answer together from overlapping pieces, and give a log twice.
 */
export function toChainLogs(chainId: number, block: SourceBlock): readonly ChainLog[] {
  const byIndex = new Map(block.logs.map((log) => [log.logIndex, log]))
  return [...byIndex.values()]
    .sort((a, b) => a.logIndex - b.logIndex)
    .map((log) => ({
      chainId,
      blockNumber: block.header.height,
      blockHash: block.header.hash,
      txHash: log.transactionHash,
      logIndex: log.logIndex,
      // Squid counts in milliseconds.
      timestamp: Math.floor(block.header.timestamp / 1000),
      address: log.address as Hex,
      topics: log.topics as Hex[],
      data: log.data as Hex,
    }))
}
