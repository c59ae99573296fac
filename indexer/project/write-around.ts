import type { QueryRunner } from 'typeorm'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { rowErrorCode } from './row-error-code.ts'
import { writeBatch } from './write-batch.ts'

/** Decides about an event whose row the tables refuse; the caller's transaction is usable. */
export type PoisonHandler = (event: RecordedEvent, error: unknown) => Promise<void>

/** A lost revert would leave rows of a fork in the tables, so it is never skipped. */
const indispensable: ReadonlySet<string> = new Set(['BlockReverted'])

/**
 * Writes a run of events except those that the tables refuse, found by halving.
 *
 * @throws what `onPoison` throws, and every error that does not blame a single row
 */
export async function writeAround(
  runner: QueryRunner,
  chainId: number,
  events: readonly RecordedEvent[],
  onPoison: PoisonHandler,
): Promise<void> {
  await runner.query('SAVEPOINT half')
  try {
    await writeBatch(runner, chainId, events)
    await runner.query('RELEASE SAVEPOINT half')
  } catch (error) {
    const [event] = events
    if (event === undefined || rowErrorCode(error) === undefined) throw error
    await runner.query('ROLLBACK TO SAVEPOINT half')
    if (events.length > 1) {
      const middle = events.length >> 1
      await writeAround(runner, chainId, events.slice(0, middle), onPoison)
      await writeAround(runner, chainId, events.slice(middle), onPoison)
    } else if (indispensable.has(event.type)) throw error
    else await onPoison(event, error)
    await runner.query('RELEASE SAVEPOINT half')
  }
}
