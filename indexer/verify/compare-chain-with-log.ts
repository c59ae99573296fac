import type { AddedContract } from '../../schema/deployment.ts'
import type { ContractAddresses } from '../decode/contract-addresses.ts'
import { contractBook } from '../decode/contract-book.ts'
import { decodeBlock } from '../decode/decode-block.ts'
import type { ChainNode } from '../source/chain-node.ts'
import { readHistory } from '../source/filtered-history.ts'
import { toChainLogs } from '../source/to-chain-logs.ts'
import { factEvents } from '../store/chain-events.ts'
import { factDigest, type LiveLog } from './fold-live-log.ts'
import { byBlock, type VerifyDifference } from './verify-difference.ts'

export interface ChainComparison {
  readonly differences: readonly VerifyDifference[]
  /** Facts of the chain that were compared. */
  readonly facts: number
  /** Last block that was compared. */
  readonly height: number
}

/**
 * Decodes the chain's logs again and compares every fact with the log, block by block.
 *
 * Hot blocks of another fork than the node's are left out: they are about to be reverted.
 */
export async function compareChainWithLog(options: {
  readonly node: ChainNode
  readonly chainId: number
  readonly contracts: ContractAddresses
  readonly added?: readonly AddedContract[] | undefined
  readonly startBlock: number
  readonly live: LiveLog
  readonly onHeight?: (height: number, of: number) => void
}): Promise<ChainComparison> {
  const { node, chainId, live } = options
  const contracts = contractBook({ addresses: options.contracts, added: options.added })
  const height = await comparableHeight(node, live)
  const unseen = new Map([...live.facts].filter(([, fact]) => fact.height <= height))
  const differences: VerifyDifference[] = live.twice.filter((found) => found.height <= height)
  let facts = 0
  const range = { from: options.startBlock, to: height }
  for await (const blocks of readHistory({ node, addresses: [...contracts.keys()] }, range)) {
    for (const block of blocks) {
      for (const event of factEvents(
        decodeBlock(chainId, contracts, toChainLogs(chainId, block)),
      )) {
        facts += 1
        const found = live.facts.get(event.id)
        unseen.delete(event.id)
        const same = found?.digest === factDigest({ ...event, metadata: event.metadata ?? {} })
        if (same) continue
        differences.push({
          between: 'chain and log',
          kind: found === undefined ? 'missing' : 'different',
          height: block.header.height,
          blockHash: block.header.hash,
          what: event.type,
          id: event.id,
        })
      }
      options.onHeight?.(block.header.height, height)
    }
  }
  for (const [id, { type, blockHash, height: at }] of unseen)
    differences.push({
      ...{ between: 'chain and log', kind: 'extra', height: at, blockHash, what: type, id },
    })
  return { differences: differences.sort(byBlock), facts, height }
}

async function comparableHeight(node: ChainNode, { cursor }: LiveLog): Promise<number> {
  let height = cursor.height
  for (const block of cursor.top) {
    const [header] = await node.headers([block.height])
    if (header?.hash !== block.hash) break
    height = block.height
  }
  return height
}
