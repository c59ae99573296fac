import { type ChainCursor, tipOf } from '../store/chain-cursor.ts'
import type { NodeHeader } from './chain-node.ts'

/**
 * What the head of a node means for the log:
 * - `known`: it is the newest block of the log, or one below it on the same chain; a node that lags
 *   looks like this, and so does a chain that was cut off but not yet continued
 * - `follow`: the runner gets there by itself, over a fork if need be
 * - `reorganised`: blocks of the log were replaced in a way that the runner does not look at
 */
export type HeadVerdict = 'known' | 'follow' | 'reorganised'

/**
 * Compares a node's head with the log by hash, never by height alone.
 *
 * Squid ignores heads below the last one, and treats final blocks as beyond doubt; those cases are
 * the ones told apart here.
 */
export function judgeHead(
  cursor: ChainCursor,
  head: Pick<NodeHeader, 'number' | 'hash' | 'parentHash'>,
): HeadVerdict {
  const tip = tipOf(cursor)
  if (tip.height < 0) return 'follow'
  const final = cursor.top.length === 0
  if (head.number > tip.height) {
    const replaced = head.number === tip.height + 1 && head.parentHash !== tip.hash
    return final && replaced ? 'reorganised' : 'follow'
  }
  if (head.number < cursor.height) return 'known'
  const same = [cursor, ...cursor.top][head.number - cursor.height]
  if (same?.hash === head.hash) return 'known'
  return head.number === tip.height && !final ? 'follow' : 'reorganised'
}
