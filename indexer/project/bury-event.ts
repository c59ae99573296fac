import type { QueryRunner } from 'typeorm'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { readCursor } from '../store/chain-cursor.ts'
import { rowErrorCode } from './row-error-code.ts'
import { writeHead } from './write-head.ts'

/**
 * Notes an event that the tables refuse; the log keeps the event, the tables lack its row.
 *
 * Its data is not copied: what a column refused the next one may refuse too.
 */
export async function buryEvent(
  runner: QueryRunner,
  chainId: number,
  event: RecordedEvent,
  error: unknown,
): Promise<void> {
  const { blockNumber = null, blockHash = null } = event.metadata
  await runner.query(
    `INSERT INTO dead_letter (event_id, position, stream, revision, type, sqlstate, message,
       block_number, block_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT DO NOTHING`,
    [
      ...[event.id, event.position.toString(), event.stream, event.revision.toString(), event.type],
      ...[rowErrorCode(error), String(error).slice(0, 500), blockNumber, blockHash],
    ],
  )
  if (event.stream === chainStream(chainId) && 'head' in event.metadata)
    await writeHead(runner, chainId, readCursor(event))
}
