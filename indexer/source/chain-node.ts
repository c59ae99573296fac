import { type RpcClient, RpcError } from '@subsquid/rpc-client'
import { numberToHex } from 'viem'
import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { type NodeLog, parseNodeLogs } from './parse-node-logs.ts'
import { type AskOptions, RpcPool } from './rpc-pool.ts'

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/)
const quantity = hex.transform((value) => Number(BigInt(value)))
const lowercase = hex.transform((value) => value.toLowerCase() as Hex)
const headerSchema = z.object({
  number: quantity,
  hash: lowercase,
  parentHash: lowercase,
  timestamp: quantity,
})
export type NodeHeader = z.infer<typeof headerSchema>
export type { NodeLog }

/** Blocks that the node itself names. */
export type BlockTag = 'latest' | 'safe' | 'finalized'

/** Logs of a range, with the headers that show which chain they are of. */
export interface NodeLogs {
  readonly logs: readonly NodeLog[]
  /** Header of the last block of the range. */
  readonly last: NodeHeader
  /** Header of the block below the range; undefined at block 0. */
  readonly before: NodeHeader | undefined
}

/** The few questions the indexer itself has for an EVM node. */
export interface ChainNode {
  chainId(): Promise<number>
  height(): Promise<number>
  /** The newest block of a kind; undefined while there is none, as `finalized` on a young chain. */
  tagged(tag: BlockTag): Promise<NodeHeader | undefined>
  /** Headers in the order asked; `undefined` for blocks the node does not have. */
  headers(heights: readonly number[]): Promise<readonly (NodeHeader | undefined)[]>
  /**
   * Logs of the given contracts in an inclusive range of blocks, from a node that has the range.
   *
   * @throws `RPC_REFUSED` when the range is too wide for the node
   */
  logs(addresses: readonly Hex[], from: number, to: number): Promise<NodeLogs>
}

/**
 * Puts typed questions to a node over HTTP or WebSocket; answers are checked before they are used.
 *
 * @param rpc a URL, or the pool that chooses among several
 * @throws each question: `NODE_UNAVAILABLE` when no node answers, or not in this protocol
 */
export function connectNode(rpc: string | RpcPool, signal?: AbortSignal): ChainNode {
  const pool = typeof rpc === 'string' ? new RpcPool({ urls: [rpc] }) : rpc
  const ask = async <T>(
    method: string,
    question: (client: RpcClient) => Promise<T>,
    options?: AskOptions,
  ): Promise<T> => {
    try {
      return await pool.ask(question, { ...options, ...(signal === undefined ? {} : { signal }) })
    } catch (cause) {
      if (!(cause instanceof RpcError)) throw cause
      const facts = { method, host: pool.used.host, code: cause.code }
      throw new BaseError('RPC_REFUSED', { facts, cause })
    }
  }
  const call = <T>(schema: z.ZodType<T>, method: string, params: unknown[] = []) =>
    ask(method, async (client) => schema.parse(await client.call<unknown>(method, params)))
  return {
    chainId: () => call(quantity, 'eth_chainId'),
    height: () => call(quantity, 'eth_blockNumber'),
    async tagged(tag) {
      const header = await ask('eth_getBlockByNumber', async (client) =>
        headerSchema
          .nullable()
          .parse(await client.call<unknown>('eth_getBlockByNumber', [tag, false])),
      )
      if (tag === 'latest' && header !== null)
        pool.used.height = Math.max(pool.used.height, header.number)
      return header ?? undefined
    },
    headers: async (heights) =>
      heights.length === 0
        ? []
        : ask('eth_getBlockByNumber', async (client) =>
            parseHeaders(await client.batchCall<unknown>(heights.map(blockCall))),
          ),
    logs: (addresses, from, to) =>
      ask(
        'eth_getLogs',
        async (client) => {
          const range = { fromBlock: numberToHex(from), toBlock: numberToHex(to) }
          // In one batch, so that the node that gave the logs shows that it has the range at all:
          // a lagging replica answers an empty list for blocks it does not know yet.
          const [logs, ...blocks] = await client.batchCall<unknown>([
            { method: 'eth_getLogs', params: [{ address: addresses, ...range }] },
            blockCall(to),
            ...(from === 0 ? [] : [blockCall(from - 1)]),
          ])
          const [last, before] = parseHeaders(blocks)
          if (last === undefined) throw new Error(`block ${to} is not there yet`)
          return { logs: parseNodeLogs(logs), last, before }
        },
        { refusable: true },
      ),
  }
}

const blockCall = (height: number) => ({
  method: 'eth_getBlockByNumber',
  params: [numberToHex(height), false],
})

const parseHeaders = (headers: readonly unknown[]) =>
  z
    .array(headerSchema.nullable())
    .parse(headers)
    .map((header) => header ?? undefined)

/** Asks one client for the header of a block; undefined if the node does not have it. */
export const readHeader = async (
  client: RpcClient,
  height: number,
): Promise<NodeHeader | undefined> => {
  const { method, params } = blockCall(height)
  return headerSchema.nullable().parse(await client.call<unknown>(method, params)) ?? undefined
}

/** Reads a header from a subscription; undefined if it is none. */
export function parseHeader(message: unknown): NodeHeader | undefined {
  return headerSchema.safeParse(message).data
}
