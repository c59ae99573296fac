import type { QueryRunner } from 'typeorm'
import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { noKeys } from '../project/folded-keys.ts'
import { insertRows } from '../project/insert-rows.ts'
import { rowOfFact } from '../project/row-of-fact.ts'
import type { TableRow } from '../project/table-row.ts'
import { compareFoldedTables } from './compare-folded-tables.ts'
import type { LiveLog } from './fold-live-log.ts'
import type { VerifyDifference } from './verify-difference.ts'

/** Writes the rows that differ anew and folds again; the caller commits. */
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
  for await (const event of eventLog.read(chainStream(chainId))) {
    if (event.revision > live.revision) break
    if (!live.facts.has(event.id)) continue
    const row = rowOfFact(event as RecordedEvent & ChainFact, event.id, noKeys())
    if (wrong.get(row.table)?.has(String(row.values['id'])) === true) rows.push(row)
  }
  await insertRows(runner, rows)
  await compareFoldedTables(runner)
}
