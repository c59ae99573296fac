import type { QueryRunner } from 'typeorm'
import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { noKeys } from '../project/folded-keys.ts'
import { insertRows } from '../project/insert-rows.ts'
import { rowErrorCode } from '../project/row-error-code.ts'
import { rowOfFact } from '../project/row-of-fact.ts'
import type { TableRow } from '../project/table-row.ts'
import { compareFoldedTables } from './compare-folded-tables.ts'
import type { LiveLog } from './fold-live-log.ts'
import type { VerifyDifference } from './verify-difference.ts'

/**
 * Writes the rows that differ anew and folds again; the caller commits.
 *
 * A row that the tables refused before is tried once more and stays a dead letter if they still do.
 */
export async function repairTables(
  runner: QueryRunner,
  eventLog: Pick<EventLog, 'read'>,
  chainId: number,
  live: LiveLog,
  differences: readonly VerifyDifference[],
): Promise<void> {
  const wrong = new Map<string, Set<string>>()
  for (const { what, id } of differences) wrong.set(what, (wrong.get(what) ?? new Set()).add(id))
  for (const [table, ids] of wrong)
    await runner.query(`DELETE FROM ${table} WHERE id::text = ANY($1)`, [[...ids]])
  const rows: TableRow[] = []
  const refused = new Set(differences.filter((found) => found.deadLetter !== undefined).map(rowKey))
  for await (const event of eventLog.read(chainStream(chainId))) {
    if (event.revision > live.revision) break
    if (!live.facts.has(event.id)) continue
    const row = rowOfFact(event as RecordedEvent & ChainFact, event.id, noKeys())
    const id = String(row.values['id'])
    if (refused.has(rowKey({ what: row.table, id }))) await retry(runner, event.id, row)
    else if (wrong.get(row.table)?.has(id) === true) rows.push(row)
  }
  await insertRows(runner, rows)
  await compareFoldedTables(runner)
}

const rowKey = ({ what, id }: Pick<VerifyDifference, 'what' | 'id'>): string => `${what} ${id}`

async function retry(runner: QueryRunner, eventId: string, row: TableRow): Promise<void> {
  await runner.query('SAVEPOINT refused')
  try {
    await insertRows(runner, [row])
    await runner.query('DELETE FROM dead_letter WHERE event_id = $1', [eventId])
  } catch (error) {
    if (rowErrorCode(error) === undefined) throw error
    await runner.query('ROLLBACK TO SAVEPOINT refused')
  }
}
