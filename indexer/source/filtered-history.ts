import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, Block, DataSource } from '@subsquid/util-internal-processor-tools'
import { HttpRequestError } from 'viem'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainNode, NodeHeader, NodeLog } from './chain-node.ts'

/** A block as both sources give it; only the fields the handler reads. */
export interface SourceBlock extends Block {
  readonly header: Block['header'] & { readonly timestamp: number }
  readonly logs: readonly {
    readonly address: string
    readonly topics: string[]
    readonly data: string
    readonly logIndex: number
    readonly transactionHash: string
  }[]
}

export interface FilteredHistoryOptions {
  readonly node: ChainNode
  readonly addresses: readonly Hex[]
  readonly finality: number
  /** Blocks per question. @default 2000 */
  readonly stride?: number
}

const defaultStride = 2000

/**
 * Squid's data source for final blocks from one filtered `eth_getLogs` per stride.
 *
 * The package's own RPC source asks for every block and for all logs of every ten blocks; this one
 * asks for headers only where logs were found, and for the last block of each stride, which the
 * runner takes as the new head. A node that refuses a range gets it in halves.
 */
export function filteredHistory(options: FilteredHistoryOptions): DataSource<SourceBlock, unknown> {
  const { node, finality, stride = defaultStride } = options
  const finalHeight = async () => Math.max(0, (await node.height()) - finality)
  return {
    getFinalizedHeight: finalHeight,
    getBlockHash: async (height) => (await node.headers([height]))[0]?.hash,
    async *getFinalizedBlocks(requests, stopOnHead): AsyncIterable<Batch<SourceBlock>> {
      const from = requests[0]?.range.from ?? 0
      for (let next = from; ; ) {
        const head = await finalHeight()
        if (next > head) {
          if (stopOnHead) return
          await sleep(1000)
          continue
        }
        const to = Math.min(head, next + stride - 1)
        yield { blocks: await readRange(options, next, to), isHead: to === head }
        next = to + 1
      }
    },
  }
}

/** Reads the blocks of an inclusive range that have logs, and the last of each stride. */
export async function* readHistory(
  options: Pick<FilteredHistoryOptions, 'node' | 'addresses' | 'stride'>,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<readonly SourceBlock[]> {
  const { stride = defaultStride } = options
  for (let next = from; next <= to; next += stride)
    yield await readRange(options, next, Math.min(to, next + stride - 1))
}

async function readRange(
  { node, addresses }: Pick<FilteredHistoryOptions, 'node' | 'addresses'>,
  from: number,
  to: number,
): Promise<SourceBlock[]> {
  const logs = await readLogs(node, addresses, from, to)
  const byHeight = new Map<number, NodeLog[]>([[to, []]])
  for (const log of logs) {
    const sameBlock = byHeight.get(log.blockNumber)
    if (sameBlock === undefined) byHeight.set(log.blockNumber, [log])
    else sameBlock.push(log)
  }
  const heights = [...byHeight.keys()].sort((a, b) => a - b)
  const headers = await node.headers(heights)
  return heights.map((height, i) => toBlock(height, headers[i], byHeight.get(height) ?? []))
}

async function readLogs(
  node: ChainNode,
  addresses: readonly Hex[],
  from: number,
  to: number,
): Promise<readonly NodeLog[]> {
  try {
    return await node.logs(addresses, from, to)
  } catch (error) {
    // Providers word their limits in many ways, so every refusal of a wide range is taken for one.
    if (from === to || isUnanswered(error)) throw error
    const middle = Math.floor((from + to) / 2)
    return [
      ...(await readLogs(node, addresses, from, middle)),
      ...(await readLogs(node, addresses, middle + 1, to)),
    ]
  }
}

/** viem's error for a request that no HTTP answer came to. */
function isUnanswered(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof HttpRequestError && cause.status === undefined
}

function toBlock(
  height: number,
  header: NodeHeader | undefined,
  logs: readonly NodeLog[],
): SourceBlock {
  // Logs and headers come from separate calls, between which the node may switch forks.
  if (header === undefined || logs.some((log) => log.blockHash !== header.hash))
    throw new BaseError('NODE_UNAVAILABLE', { facts: { inconsistentHeight: height } })
  const { hash, parentHash, timestamp } = header
  return {
    header: { height, hash, parentHash, timestamp: timestamp * 1000 },
    logs: [...logs].sort((a, b) => a.logIndex - b.logIndex),
  }
}
