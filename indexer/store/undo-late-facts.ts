import type { EventLog, NewEvent } from '../../eventlog/client/event-log.ts'
import type { BlockId } from './chain-cursor.ts'
import { readCursor } from './chain-cursor.ts'
import { revertEvent } from './chain-events.ts'
import type { HashAt } from './recover-deep-reorg.ts'

/**
 * Undoes late facts that a node of another fork told, from the newest down to the first block that
 * is on the chain; the log's other facts are not of that fork.
 *
 * @returns the block up to which the late facts hold; undefined if none does
 */
export async function undoLateFacts(
  eventLog: Pick<EventLog, 'read'>,
  stream: string,
  chainId: number,
  hashAt: HashAt,
): Promise<{ readonly events: readonly NewEvent[]; readonly reached: BlockId | undefined }> {
  const lost = new Map<string, NewEvent>()
  const undone = new Set<string>()
  for await (const event of eventLog.read(stream, { direction: 'backwards' })) {
    if ('head' in event.metadata && readCursor(event).late === undefined) break
    if (event.type === 'BlockReverted') undone.add(String(event.data['hash']))
    const { blockNumber: height, blockHash: hash, late } = event.metadata
    if (late !== true || typeof height !== 'number' || typeof hash !== 'string') continue
    if (lost.has(hash) || undone.has(hash)) continue
    const onChain = await hashAt(height)
    if (onChain === hash) return { events: [...lost.values()], reached: { height, hash } }
    lost.set(hash, revertEvent(chainId, { height, hash }, onChain ?? null))
  }
  return { events: [...lost.values()], reached: undefined }
}
