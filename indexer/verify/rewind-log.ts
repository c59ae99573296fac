import type { EventLog, NewEvent } from '../../eventlog/client/event-log.ts'
import { eventId } from '../../schema/events/event-id.ts'
import { chainStream } from '../../schema/events/streams.ts'
import type { ChainNode } from '../source/chain-node.ts'
import { type ChainCursor, emptyCursor } from '../store/chain-cursor.ts'
import { withCursor } from '../store/chain-events.ts'
import { carryCoverage } from '../store/contract-coverage.ts'
import type { LiveLog } from './fold-live-log.ts'

/**
 * Takes every live block from `height` on back and puts the cursor below it: the log stays
 * append-only, consumers undo, and the next run of the indexer reads those blocks again.
 *
 * @returns how many blocks were taken back.
 * @throws `EVENT_LOG_CONFLICT` when an indexer wrote meanwhile: stop it first.
 */
export async function rewindLog(
  eventLog: Pick<EventLog, 'append'>,
  chainId: number,
  live: LiveLog,
  height: number,
  node: ChainNode,
): Promise<number> {
  const blocks = new Map<string, number>()
  for (const fact of live.facts.values())
    if (fact.height >= height) blocks.set(fact.blockHash, fact.height)
  const [parent] = height > 0 ? await node.headers([height - 1]) : []
  const below = { height: height - 1, hash: parent?.hash ?? emptyCursor.hash }
  const cursor: ChainCursor = {
    ...{ ...emptyCursor, ...below, announced: below.height },
    ...carryCoverage(live.cursor, below),
  }
  const reverts = [...blocks]
    .sort(([, a], [, b]) => b - a)
    .map(
      ([hash, at]): NewEvent => ({
        // The revision makes the id new: the same block may be taken back more than once.
        id: eventId([chainId, 'repair', hash, live.revision]),
        type: 'BlockReverted',
        data: { height: at, hash, replacedBy: null },
        metadata: { chainId },
      }),
    )
  const marker: NewEvent = {
    id: eventId([chainId, 'rewound', below.hash, live.revision]),
    type: 'CursorAdvanced',
    data: { ...below },
    metadata: { chainId },
  }
  await eventLog.append(chainStream(chainId), withCursor([...reverts, marker], cursor), {
    expectedRevision: live.revision,
  })
  return blocks.size
}
