import { describe, expect, test } from 'vitest'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainNode, NodeLog } from './chain-node.ts'
import { filteredHistory } from './filtered-history.ts'
import { rangeStride } from './range-stride.ts'

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
  /** Ranges above this block are answered by a node on another fork. */
  readonly forkedAbove?: number
}

/** A provider with the limits that a local node does not have. */
function provider({
  head,
  logs,
  limit = Number.POSITIVE_INFINITY,
  down = false,
  forkedAbove = Number.POSITIVE_INFINITY,
}: Provider) {
  const asked: [number, number][] = []
  const header = (number: number, fork = 'a') => ({
    number,
    hash: hash(number, fork),
    parentHash: hash(number - 1, fork),
    timestamp: number * 2,
  })
  const node: ChainNode = {
    chainId: async () => 1,
    height: async () => head,
    tagged: async () => header(head),
    headers: async (heights) => heights.map((number) => header(number)),
    logs: async (_, from, to) => {
      asked.push([from, to])
      if (down) throw new BaseError('NODE_UNAVAILABLE')
      if (to - from + 1 > limit) throw new BaseError('RPC_REFUSED')
      return {
        logs: logs.filter(({ blockNumber }) => blockNumber >= from && blockNumber <= to),
        last: header(to),
        before: from === 0 ? undefined : header(from - 1, from > forkedAbove ? 'b' : 'a'),
      }
    },
  }
  return { node, asked }
}

async function read(options: Provider, first = 8) {
  const { node, asked } = provider(options)
  const finalHeight = async () => options.head - 2
  const stride = rangeStride({ first, most: first })
  const source = filteredHistory({ node, addresses: ['0xc'], finalHeight, stride })
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

  test('begins at block 0 with an empty log, which no block is below', async () => {
    const { node } = provider({ head: 12, logs: [log(3, 0)] })
    const finalHeight = async () => 10
    const tip = () => ({ height: -1, hash: '0x' })
    const source = filteredHistory({ node, addresses: ['0xc'], finalHeight, tip })
    const heights: number[] = []
    for await (const batch of source.getFinalizedBlocks(
      [{ range: { from: 0 }, request: {} }],
      true,
    ))
      heights.push(...batch.blocks.map(({ header }) => header.height))
    expect(heights).toEqual([3, 10])
  })

  test('narrows a range that the provider refuses, and asks no wider than that again', async () => {
    const logs = Array.from({ length: 30 }, (_, height) => log(height, 0))
    const { batches, asked } = await read({ head: 31, logs, limit: 3 }, 10)
    expect(batches.flatMap(({ blocks }) => blocks.map(({ header }) => header.height))).toEqual(
      logs.map(({ blockNumber }) => blockNumber),
    )
    expect(asked.slice(0, 4)).toEqual([
      [0, 9],
      [0, 4],
      [0, 1],
      [2, 4],
    ])
    expect(asked.filter(([from, to]) => to - from + 1 > 3)).toHaveLength(3)
  })

  test('a node that refuses a single block is RPC_REFUSED', async () => {
    await expect(read({ head: 5, logs: [], limit: 0 })).rejects.toMatchObject({
      code: 'RPC_REFUSED',
    })
  })

  test('a stride that does not follow the one before is not handed on', async () => {
    await expect(read({ head: 40, logs: [], forkedAbove: 10 })).rejects.toMatchObject({
      code: 'NODE_UNAVAILABLE',
      facts: { inconsistentHeight: 15 },
    })
  })

  test('asks once when the node does not answer', async () => {
    const { node, asked } = provider({ head: 11, logs: [], down: true })
    const source = filteredHistory({ node, addresses: [], finalHeight: async () => 11 })
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
