import { HttpRequestError } from 'viem'
import { describe, expect, test } from 'vitest'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainNode, NodeLog } from './chain-node.ts'
import { filteredHistory } from './filtered-history.ts'

const hash = (height: number, name = 'a'): Hex => `0x${name}${height}`
const log = (blockNumber: number, logIndex: number, blockHash = hash(blockNumber)): NodeLog => ({
  address: '0xc',
  topics: [],
  data: '0x',
  blockNumber,
  blockHash,
  transactionHash: '0x1',
  transactionIndex: 0,
  logIndex,
})

interface Provider {
  readonly head: number
  readonly logs: readonly NodeLog[]
  /** Widest range that is answered. */
  readonly limit?: number
  readonly down?: boolean
}

/** A provider with the limits that a local node does not have. */
function provider({ head, logs, limit = Number.POSITIVE_INFINITY, down = false }: Provider) {
  const asked: [number, number][] = []
  const node: ChainNode = {
    chainId: async () => 1,
    height: async () => head,
    headers: async (heights) =>
      heights.map((number) => ({
        number,
        hash: hash(number),
        parentHash: hash(number - 1),
        timestamp: number * 2,
      })),
    logs: async (_, from, to) => {
      asked.push([from, to])
      const cause = down ? new HttpRequestError({ url: 'http://node' }) : new Error('too many')
      if (down || to - from + 1 > limit) throw new BaseError('NODE_UNAVAILABLE', { cause })
      return logs.filter(({ blockNumber }) => blockNumber >= from && blockNumber <= to)
    },
  }
  return { node, asked }
}

async function read(options: Provider, stride = 8) {
  const { node, asked } = provider(options)
  const source = filteredHistory({ node, addresses: ['0xc'], finality: 2, stride })
  const batches = []
  for await (const batch of source.getFinalizedBlocks([{ range: { from: 0 }, request: {} }], true))
    batches.push(batch)
  return { batches, asked }
}

describe('filteredHistory', () => {
  test('gives blocks with logs and the last block of each stride, in order', async () => {
    const { batches } = await read({ head: 14, logs: [log(9, 1), log(9, 0), log(3, 0)] })
    expect(
      batches.map(({ blocks, isHead }) => ({
        isHead,
        blocks: blocks.map(({ header, logs }) => [header.height, logs.map((l) => l.logIndex)]),
      })),
    ).toEqual([
      {
        isHead: false,
        blocks: [
          [3, [0]],
          [7, []],
        ],
      },
      {
        isHead: true,
        blocks: [
          [9, [0, 1]],
          [12, []],
        ],
      },
    ])
    expect(batches[0]?.blocks[0]?.header).toEqual({
      height: 3,
      hash: hash(3),
      parentHash: hash(2),
      timestamp: 6000,
    })
  })

  test('halves a range that the provider refuses', async () => {
    const logs = Array.from({ length: 10 }, (_, height) => log(height, 0))
    const { batches, asked } = await read({ head: 11, logs, limit: 3 }, 10)
    expect(batches.flatMap(({ blocks }) => blocks.map(({ header }) => header.height))).toEqual(
      logs.map(({ blockNumber }) => blockNumber),
    )
    expect(asked.slice(0, 4)).toEqual([
      [0, 9],
      [0, 4],
      [0, 2],
      [3, 4],
    ])
  })

  test('asks once when the node does not answer', async () => {
    const { node, asked } = provider({ head: 11, logs: [], down: true })
    const source = filteredHistory({ node, addresses: [], finality: 0 })
    const blocks = source.getFinalizedBlocks([{ range: { from: 0 }, request: {} }], true)
    await expect(blocks[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'NODE_UNAVAILABLE',
    })
    expect(asked).toHaveLength(1)
  })

  test('refuses logs of another fork than their header', async () => {
    await expect(read({ head: 11, logs: [log(4, 0, hash(4, 'b'))] })).rejects.toMatchObject({
      code: 'NODE_UNAVAILABLE',
      facts: { inconsistentHeight: 4 },
    })
  })
})
