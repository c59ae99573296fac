import { BaseError } from '../../schema/errors.ts'
import type { BlockId, ChainCursor } from './chain-cursor.ts'

/** New head of the chain as the runner reports it. */
export interface HotUpdate {
  readonly finalizedHead: BlockId
  /** Newest block that stays; everything above it is replaced by `newBlocks`. */
  readonly baseHead: BlockId
  readonly newBlocks: readonly BlockId[]
}

export interface HotPlan {
  /** How many of the new blocks are in the log already. */
  readonly skip: number
  /** Blocks that left the chain, newest first. */
  readonly reverted: readonly BlockId[]
  readonly next: Pick<ChainCursor, 'height' | 'hash' | 'top'>
}

/**
 * Finds what a new head changes: blocks to undo and blocks to append.
 *
 * The runner delivers the head block again after every restart over HTTP; what is in the log
 * already is trimmed before forks are looked for, or each restart would undo and redo it.
 *
 * @throws `INTERNAL` when the update does not connect to the cursor.
 */
export function planHotUpdate(cursor: ChainCursor, update: HotUpdate): HotPlan {
  const chain = [pick(cursor), ...cursor.top]
  const base = chain.findIndex((block) => block.hash === update.baseHead.hash)
  if (base < 0) throw disconnected(cursor, update.baseHead)
  const { newBlocks } = update
  let skip = 0
  while (skip < newBlocks.length && chain[base + 1 + skip]?.hash === newBlocks[skip]?.hash) skip++
  const full = [...chain.slice(0, base + 1), ...newBlocks.map(pick)]
  const final = full.findIndex((block) => block.hash === update.finalizedHead.hash)
  if (final < 0) throw disconnected(cursor, update.finalizedHead)
  return {
    skip,
    reverted: chain.slice(base + 1 + skip).reverse(),
    next: { ...pick(full[final] as BlockId), top: full.slice(final + 1) },
  }
}

const pick = ({ height, hash }: BlockId): BlockId => ({ height, hash })

const disconnected = (cursor: ChainCursor, block: BlockId): BaseError =>
  new BaseError('INTERNAL', {
    facts: { cursor: `${cursor.height} ${cursor.hash}`, block: `${block.height} ${block.hash}` },
  })
