import type { Batch, Block, DataSource } from '@subsquid/util-internal-processor-tools'
import type { IndexerLogger } from './indexer-logger.ts'

/**
 * A gateway of the SQD Network that is given up when it stays silent: the rest of the history then
 * comes from the nodes. Its own client would repeat its questions for ever.
 *
 * @param patience longest waits for the height and for a batch of blocks, in milliseconds
 */
export function patientGateway<B extends Block, R>(
  gateway: DataSource<B, R>,
  logger: IndexerLogger,
  patience: { readonly height: number; readonly blocks: number } = {
    height: 10_000,
    blocks: 60_000,
  },
): DataSource<B, R> {
  const orElse = async <T, E>(answer: Promise<T>, fallback: E, ms: number): Promise<T | E> => {
    const { promise, clear } = silence(ms)
    try {
      return await Promise.race([answer, promise])
    } catch (error) {
      logger.warn({ err: String(error) }, 'gateway left for the nodes')
      return fallback
    } finally {
      clear()
      answer.catch(() => undefined)
    }
  }
  return {
    getFinalizedHeight: () => orElse(gateway.getFinalizedHeight(), -1, patience.height),
    getBlockHash: (height) => gateway.getBlockHash(height),
    async *getFinalizedBlocks(requests, stopOnHead): AsyncIterable<Batch<B>> {
      const batches = gateway.getFinalizedBlocks(requests, stopOnHead)[Symbol.asyncIterator]()
      for (;;) {
        const next = await orElse(batches.next(), undefined, patience.blocks)
        if (next === undefined || next.done === true) return
        yield next.value
      }
    },
  }
}

function silence(ms: number): { readonly promise: Promise<never>; readonly clear: () => void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)
  })
  return { promise, clear: () => clearTimeout(timer) }
}
