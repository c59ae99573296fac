import { ChainHead } from '../../schema/entities/chain-head.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ApiContext } from '../context.ts'

/** Compares the index with the node; a silent node leaves the head and the lag in blocks null. */
export async function readMeta(context: ApiContext) {
  const head = await context.source.getRepository(ChainHead).findOneBy({ chainId: context.chainId })
  if (head === null) throw new BaseError('INDEX_EMPTY', { facts: { chainId: context.chainId } })
  const node = await context.readNodeHead()
  return {
    chainId: String(context.chainId),
    chainHead: node?.number ?? null,
    indexedBlock: head.indexedHeight,
    indexedBlockHash: head.indexedHash,
    finalizedBlock: head.finalizedHeight,
    lagBlocks: node === undefined ? null : Math.max(0, node.number - head.indexedHeight),
    lagSeconds: head.timestamp === null ? null : Math.max(0, context.now() - head.timestamp),
  }
}
