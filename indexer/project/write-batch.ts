import type { QueryRunner } from 'typeorm'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import type {
  EngineEvent,
  EpochClosed,
  InferenceAttributed,
} from '../../schema/events/attribution.ts'
import type { ChainEvent } from '../../schema/events/chain-event.ts'
import { chainStream, epochStream } from '../../schema/events/streams.ts'
import { type ChainCursor, readCursor } from '../store/chain-cursor.ts'
import { foldRows } from './fold-rows.ts'
import { noKeys } from './folded-keys.ts'
import { insertRows } from './insert-rows.ts'
import { rowOfFact } from './row-of-fact.ts'
import type { TableRow } from './table-row.ts'
import { type UndoneBlock, undoBlocks } from './undo-blocks.ts'
import { writeAttributions, writeClosings } from './write-attributions.ts'
import { writeHead } from './write-head.ts'

/** Writes a run of events, in the order of the log, into the tables; the caller commits. */
export async function writeBatch(
  runner: QueryRunner,
  chainId: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const keys = noKeys()
  const attributed: InferenceAttributed[] = []
  const closed: EpochClosed[] = []
  let rows: TableRow[] = []
  let undone: UndoneBlock[] = []
  let head: ChainCursor | undefined
  const flush = async () => {
    if (undone.length > 0) await undoBlocks(runner, undone, keys)
    undone = []
    if (rows.length > 0) await insertRows(runner, rows)
    rows = []
  }
  for (const event of events) {
    if (event.stream === chainStream(chainId)) {
      if ('head' in event.metadata) head = readCursor(event)
      const fact = event as unknown as ChainEvent
      if (fact.type === 'CursorAdvanced' || fact.type === 'BlockFinalized') continue
      if (fact.type === 'BlockReverted') {
        if (rows.length > 0) await flush()
        undone.push(fact.data)
      } else rows.push(rowOfFact(fact, event.id, keys))
    } else if (event.metadata['chainId'] === chainId) {
      const decided = event as unknown as EngineEvent
      if (decided.type === 'InferenceAttributed') attributed.push(decided)
      if (decided.type === 'EpochClosed' && event.stream === epochStream(chainId))
        closed.push(decided)
    }
  }
  await flush()
  await writeAttributions(runner, attributed)
  await writeClosings(runner, closed)
  await foldRows(runner, keys)
  if (head !== undefined) await writeHead(runner, chainId, head)
}
