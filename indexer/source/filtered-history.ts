import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, Block, DataSource } from '@subsquid/util-internal-processor-tools'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { BlockId } from '../store/chain-cursor.ts'
import type { ChainNode, NodeHeader, NodeLog } from './chain-node.ts'
import { type RangeStride, rangeStride } from './range-stride.ts'

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

interface HistoryOptions {
  readonly node: ChainNode
  readonly addresses: readonly Hex[]
  /** What is known of the provider's limits; kept over restarts. */
  readonly stride?: RangeStride
}

export interface FilteredHistoryOptions extends HistoryOptions {
  /** Height of the last final block. */
  readonly finalHeight: () => Promise<number>
  /** The last final block of the log, on top of which the first answer has to be. */
  readonly tip?: () => BlockId
  /** Milliseconds between questions for a new final block. @default 1000 */
  readonly pollMs?: number
}

/**
 * Squid's data source for final blocks from one filtered `eth_getLogs` per stride.
 *
 * The package's own RPC source asks for every block and for all logs of every ten blocks; this one
 * asks for headers only where logs were found, and for the last block of each stride, which the
 * runner takes as the new head. A node that refuses a range is asked for a narrower one.
 */
export function filteredHistory(options: FilteredHistoryOptions): DataSource<SourceBlock, unknown> {
  const { node, finalHeight, stride = rangeStride(), pollMs = 1000 } = options
  return {
    getFinalizedHeight: finalHeight,
    getBlockHash: async (height) => (await node.headers([height]))[0]?.hash,
    async *getFinalizedBlocks(requests, stopOnHead): AsyncIterable<Batch<SourceBlock>> {
      const from = requests[0]?.range.from ?? 0
      const tip = options.tip?.()
      let last: Link | undefined =
        tip !== undefined && tip.height >= 0 && tip.height === from - 1
          ? { number: tip.height, hash: tip.hash }
          : undefined
      for (let next = from; ; next = (last?.number ?? next) + 1) {
        let head = await finalHeight()
        while (next > head) {
          if (stopOnHead) return
          await sleep(pollMs)
          head = await finalHeight()
        }
        const read = await readStride({ ...options, stride }, next, head, last)
        last = read.last
        for (const blocks of cutBlocks(read.blocks))
          yield { blocks, isHead: blocks.at(-1)?.header.height === head }
      }
    },
  }
}

/** A block that the next one has to be on top of. */
type Link = { readonly number: number; readonly hash: string }

/**
 * Reads the blocks of an inclusive range that have logs, and the last of each stride.
 *
 * @param range.after hash of the block below the range, if it is known
 */
export async function* readHistory(
  options: HistoryOptions,
  range: { readonly from: number; readonly to: number; readonly after?: string | undefined },
): AsyncGenerator<readonly SourceBlock[]> {
  const { from, to, after } = range
  const stride = options.stride ?? rangeStride()
  let last: Link | undefined = after === undefined ? undefined : { number: from - 1, hash: after }
  for (let next = from; next <= to; next = last.number + 1) {
    const read = await readStride({ ...options, stride }, next, to, last)
    last = read.last
    yield read.blocks
  }
}

/** Logs that are decoded and appended before the next ones are. */
const batchLogs = 2000

/** Cuts an answer into batches of whole blocks; what is made of logs is far larger than they are. */
function* cutBlocks(blocks: readonly SourceBlock[]): Generator<SourceBlock[]> {
  let batch: SourceBlock[] = []
  let logs = 0
  for (const block of blocks) {
    if (batch.length > 0 && logs + block.logs.length > batchLogs) {
      yield batch
      batch = []
      logs = 0
    }
    batch.push(block)
    logs += block.logs.length
  }
  yield batch
}

async function readStride(
  { node, addresses, stride }: Required<HistoryOptions>,
  from: number,
  end: number,
  previous: Link | undefined,
): Promise<{ readonly blocks: SourceBlock[]; readonly last: NodeHeader }> {
  for (;;) {
    const to = Math.min(end, from + stride.size - 1)
    const width = to - from + 1
    const answer = await node.logs(addresses, from, to).catch((error: unknown) => {
      // Providers word their limits in many ways, so every refusal of a wide range is taken for one.
      const refused = isErrorWithCode(error, 'RPC_REFUSED')
      if (refused) stride.refused(width)
      else stride.failed(width)
      if (!refused || width === 1) throw error
    })
    if (answer === undefined) continue
    const { logs, last, before } = answer
    // The node may have changed forks, or another one answered, since the stride before.
    if (previous !== undefined && before?.hash !== previous.hash)
      throw inconsistent(previous.number)
    const blocks = await withHeaders(node, logs, last)
    stride.answered(width, logs.length)
    return { blocks, last }
  }
}

async function withHeaders(
  node: ChainNode,
  logs: readonly NodeLog[],
  last: NodeHeader,
): Promise<SourceBlock[]> {
  const byHeight = new Map<number, NodeLog[]>([[last.number, []]])
  for (const log of logs) {
    const sameBlock = byHeight.get(log.blockNumber)
    if (sameBlock === undefined) byHeight.set(log.blockNumber, [log])
    else sameBlock.push(log)
  }
  const heights = [...byHeight.keys()].sort((a, b) => a - b)
  const headers = [...(await node.headers(heights.slice(0, -1))), last]
  return heights.map((height, i) => toBlock(height, headers[i], byHeight.get(height) ?? []))
}

function toBlock(
  height: number,
  header: NodeHeader | undefined,
  logs: readonly NodeLog[],
): SourceBlock {
  // Logs and headers come from separate calls, between which the node may switch forks.
  if (header === undefined || logs.some((log) => log.blockHash !== header.hash))
    throw inconsistent(height)
  const { hash, parentHash, timestamp } = header
  return {
    header: { height, hash, parentHash, timestamp: timestamp * 1000 },
    logs: [...logs].sort((a, b) => a.logIndex - b.logIndex),
  }
}

const inconsistent = (height: number) =>
  new BaseError('NODE_UNAVAILABLE', { facts: { inconsistentHeight: height } })
