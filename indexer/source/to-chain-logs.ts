import type { Hex } from '../../schema/events/event.ts'
import type { ChainLog } from '../decode/chain-log.ts'
import type { SourceBlock } from './filtered-history.ts'

/** Puts chain and block beside each log, the way decoders read them. */
export const toChainLogs = (chainId: number, block: SourceBlock): readonly ChainLog[] =>
  block.logs.map((log) => ({
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
