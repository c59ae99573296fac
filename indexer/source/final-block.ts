import type { ChainFinality } from '../../schema/chain-finality.ts'
import { isErrorWithCode } from '../../schema/errors.ts'
import type { BlockId } from '../store/chain-cursor.ts'
import type { ChainNode } from './chain-node.ts'

export interface FinalBlock {
  /** Height of the last final block; 0 while there is none. */
  readonly height: () => Promise<number>
  /** That block by hash, where a tag names it. */
  readonly block: (() => Promise<BlockId | undefined>) | undefined
  /** Confirmations that Squid counts. */
  readonly confirmations: number
}

/**
 * Squid knows blocks above the final one only; with a tag, it keeps more of them than finality ever
 * takes, and the database draws the line.
 */
const longestFinality = 10_000

/** Finds the last final block, by count or by tag. */
export function finalBlock(node: ChainNode, finality: ChainFinality): FinalBlock {
  if (typeof finality === 'number')
    return {
      height: async () => Math.max(0, (await node.height()) - finality),
      block: undefined,
      confirmations: finality,
    }
  const block = async () => {
    const header = await node.tagged(finality).catch((error: unknown) => {
      // A young chain has no final block yet, which some nodes call an unknown block.
      if (isErrorWithCode(error, 'RPC_REFUSED') && isUnknownBlock(error)) return undefined
      throw error
    })
    return header === undefined ? undefined : { height: header.number, hash: header.hash }
  }
  return {
    height: async () => (await block())?.height ?? 0,
    block,
    confirmations: longestFinality,
  }
}

const isUnknownBlock = (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  /not found|unknown block/i.test(error.cause.message)
