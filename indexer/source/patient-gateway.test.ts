import type { Batch, Block, DataSource } from '@subsquid/util-internal-processor-tools'
import { expect, test } from 'vitest'
import { silentLogger } from './indexer-logger.ts'
import { patientGateway } from './patient-gateway.ts'

const block = (height: number): Block => ({
  header: { height, hash: `0x${height}`, parentHash: `0x${height - 1}` },
})
const never = new Promise<never>(() => undefined)
const patience = { height: 10, blocks: 10 }

/** A gateway that gives two batches and then stays silent, or fails. */
function gateway(end: () => Promise<never>): DataSource<Block, unknown> {
  return {
    getFinalizedHeight: end,
    getBlockHash: async (height) => `0x${height}`,
    async *getFinalizedBlocks() {
      yield { blocks: [block(1)], isHead: false }
      yield { blocks: [block(2)], isHead: false }
      await end()
    },
  }
}

async function read(source: DataSource<Block, unknown>): Promise<readonly number[]> {
  const batches: Batch<Block>[] = []
  for await (const batch of source.getFinalizedBlocks([], true)) batches.push(batch)
  return batches.flatMap(({ blocks }) => blocks.map(({ header }) => header.height))
}

test.each([
  ['stays silent', () => never],
  ['fails', () => Promise.reject(new Error('no'))],
])(
  'what a gateway gave before it %s is kept, and the rest is left to the nodes',
  async (_, end) => {
    const source = patientGateway(gateway(end), silentLogger, patience)
    expect(await read(source)).toEqual([1, 2])
    expect(await source.getFinalizedHeight()).toBe(-1)
  },
)
