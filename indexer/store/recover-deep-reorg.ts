import type { EventLog, NewEvent } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'
import { type BlockId, type ChainCursor, emptyCursor } from './chain-cursor.ts'
import { revertEvent } from './chain-events.ts'

/** Asks the node for the hash of its block at a height. */
export type HashAt = (height: number) => Promise<string | undefined>

export interface DeepReorg {
  /** Compensations, newest block first. */
  readonly events: readonly NewEvent[]
  readonly cursor: ChainCursor
}

/**
 * Finds out whether the last final block has left the chain, and what undoes it.
 *
 * The runner refuses to start on such a chain, so this is done before it checks. Only blocks with
 * events are asked for, one call each, down to the newest one the node still has.
 *
 * @param confirm throws when other nodes do not agree
 * @throws `NODE_UNAVAILABLE` when the node is behind the log: a lagging replica is no reorg.
 */
export async function recoverDeepReorg(
  eventLog: Pick<EventLog, 'read'>,
  stream: string,
  chainId: number,
  cursor: ChainCursor,
  hashAt: HashAt,
  confirm: (block: BlockId) => Promise<void> = async () => undefined,
): Promise<DeepReorg | undefined> {
  if (cursor.height < 0) return undefined
  const now = await hashAt(cursor.height)
  if (now === cursor.hash) return undefined
  if (now === undefined)
    throw new BaseError('NODE_UNAVAILABLE', { facts: { behindHeight: cursor.height } })
  await confirm(cursor)
  const undone = new Set<string>()
  const lost = new Map<string, { readonly block: BlockId; readonly replacedBy: string | null }>()
  const lateOnChain = new Map<string, BlockId>()
  let ancestor: BlockId = emptyCursor
  for await (const event of eventLog.read(stream, { direction: 'backwards' })) {
    const block = blockOf(event)
    // What is final lies below facts that stand before it in the log: it is no common ancestor.
    if (block === undefined || event.type === 'BlockFinalized') continue
    if (event.type === 'BlockReverted') {
      undone.add(block.hash)
      continue
    }
    if (undone.has(block.hash) || lost.has(block.hash)) continue
    if (lateOnChain.has(block.hash) && event.metadata['late'] === true) continue
    const onChain = await hashAt(block.height)
    if (onChain === block.hash) {
      // Behind it in the log are facts of later blocks, which may have left the chain.
      if (event.metadata['late'] === true) {
        lateOnChain.set(block.hash, block)
        continue
      }
      ancestor = block
      break
    }
    if ('blockHash' in event.metadata) lost.set(block.hash, { block, replacedBy: onChain ?? null })
  }
  const { height, hash } = ancestor
  // All blocks above the ancestor are read again, with the facts of every contract.
  for (const block of lateOnChain.values())
    if (block.height > height) lost.set(block.hash, { block, replacedBy: null })
  const newestFirst = [...lost.values()].sort((a, b) => b.block.height - a.block.height)
  return {
    events: newestFirst.map(({ block, replacedBy }) => revertEvent(chainId, block, replacedBy)),
    cursor: { ...emptyCursor, height, hash, announced: height },
  }
}

function blockOf(event: {
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}): BlockId | undefined {
  const { blockNumber, blockHash } = event.metadata
  if (typeof blockNumber === 'number' && typeof blockHash === 'string')
    return { height: blockNumber, hash: blockHash }
  const { height, hash } = event.data
  return typeof height === 'number' && typeof hash === 'string' ? { height, hash } : undefined
}
