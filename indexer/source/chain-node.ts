import { createPublicClient, http, numberToHex, type PublicClient, type Hex as ViemHex } from 'viem'
import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/)
const quantity = hex.transform((value) => Number(BigInt(value)))
const lowercase = hex.transform((value) => value.toLowerCase() as Hex)
const headerSchema = z.object({
  number: quantity,
  hash: lowercase,
  parentHash: lowercase,
  timestamp: quantity,
})
const logSchema = z.object({
  address: lowercase,
  topics: z.array(lowercase),
  data: lowercase,
  blockNumber: quantity,
  blockHash: lowercase,
  transactionHash: lowercase,
  transactionIndex: quantity,
  logIndex: quantity,
})

export type NodeHeader = z.infer<typeof headerSchema>
export type NodeLog = z.infer<typeof logSchema>

/** The few questions the indexer itself has for an EVM node. */
export interface ChainNode {
  chainId(): Promise<number>
  height(): Promise<number>
  /** Headers in the order asked; `undefined` for blocks the node does not have. */
  headers(heights: readonly number[]): Promise<readonly (NodeHeader | undefined)[]>
  /** Logs of the given contracts in an inclusive range of blocks. */
  logs(addresses: readonly Hex[], from: number, to: number): Promise<readonly NodeLog[]>
}

/**
 * Connects to a node over HTTP; answers are checked before they are used.
 *
 * @throws each question: `NODE_UNAVAILABLE` when the node does not answer, or not in this protocol
 */
export function connectNode(
  rpcUrl: string,
  signal?: AbortSignal,
  onFailure?: () => void,
): ChainNode {
  const client = createPublicClient({
    transport: http(rpcUrl, {
      batch: { batchSize: 100 },
      retryCount: 3,
      timeout: 20_000,
      ...(signal === undefined ? {} : { fetchOptions: { signal } }),
    }),
  })
  const ask = async <T>(schema: z.ZodType<T>, method: string, params: readonly unknown[]) => {
    try {
      return schema.parse(await request(client, method, params))
    } catch (cause) {
      onFailure?.()
      throw new BaseError('NODE_UNAVAILABLE', { facts: { url: hideKey(rpcUrl), method }, cause })
    }
  }
  return {
    chainId: () => ask(quantity, 'eth_chainId', []),
    height: () => ask(quantity, 'eth_blockNumber', []),
    headers: async (heights) => {
      const found = await Promise.all(
        heights.map((height) =>
          ask(headerSchema.nullable(), 'eth_getBlockByNumber', [numberToHex(height), false]),
        ),
      )
      return found.map((header) => header ?? undefined)
    },
    logs: (addresses, from, to) =>
      ask(z.array(logSchema), 'eth_getLogs', [
        { address: addresses, fromBlock: numberToHex(from), toBlock: numberToHex(to) },
      ]),
  }
}

const request = (client: PublicClient, method: string, params: readonly unknown[]) =>
  (client.request as (call: { method: string; params: readonly unknown[] }) => Promise<ViemHex>)({
    method,
    params,
  })

/** Paths and queries of RPC URLs are API keys. */
function hideKey(rpcUrl: string): string {
  try {
    return new URL(rpcUrl).origin
  } catch {
    return 'not a URL'
  }
}
