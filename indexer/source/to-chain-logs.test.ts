import { expect, test } from 'vitest'
import type { SourceBlock } from './filtered-history.ts'
import { toChainLogs } from './to-chain-logs.ts'

const log = (logIndex: number) => ({
  ...{ logIndex, address: '0x01', topics: ['0x02'], data: '0x', transactionHash: '0x03' },
})

const block = (...indices: readonly number[]): SourceBlock => ({
  header: { height: 7, hash: '0x0a', parentHash: '0x09', timestamp: 1_800_000_000_500 },
  logs: indices.map(log),
})

test('a log that a node gives twice is one log, and the order is that of the block', () => {
  const logs = toChainLogs(5, block(2, 0, 2, 1, 0))
  expect(logs.map(({ logIndex }) => logIndex)).toEqual([0, 1, 2])
  expect(logs[1]).toEqual({
    ...{ chainId: 5, blockNumber: 7, blockHash: '0x0a', timestamp: 1_800_000_000 },
    ...{ txHash: '0x03', logIndex: 1, address: '0x01', topics: ['0x02'], data: '0x' },
  })
})
