import type { QueryRunner } from 'typeorm'
import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { noKeys } from '../project/folded-keys.ts'
import { rowOfFact } from '../project/row-of-fact.ts'
import type { TableRow } from '../project/table-row.ts'
import { factTableNames } from '../project/undo-blocks.ts'
import type { LiveLog } from './fold-live-log.ts'
import { byBlock, type VerifyDifference } from './verify-difference.ts'

export interface TableComparison {
  readonly differences: readonly VerifyDifference[]
  /** Rows that the log says there must be. */
  readonly rows: number
}

const batchSize = 2000

/** Columns that folding changes after the row was written. */
const foldedColumns: Readonly<Record<string, readonly string[]>> = {
  contribution: ['status', 'decided_by', 'reason_code', 'decided_block'],
}

/**
 * Compares every row that the log's live facts make with the tables, column by column.
 *
 * @param runner a connection whose transaction the caller ends; it gets a temporary table.
 */
export async function compareLogWithTables(
  runner: QueryRunner,
  eventLog: Pick<EventLog, 'read'>,
  chainId: number,
  live: LiveLog,
): Promise<TableComparison> {
  await runner.query('CREATE TEMP TABLE verify_expected (tab text, id text) ON COMMIT DROP')
  const differences: VerifyDifference[] = []
  const dead = await readDeadLetters(runner)
  let rows = 0
  for await (const made of liveRows(eventLog, chainId, live)) {
    const batch = made.filter(({ eventId }) => !dead.has(eventId))
    for (const { eventId, table, values } of made) {
      const deadLetter = dead.get(eventId)
      if (deadLetter !== undefined) differences.push({ ...missingRow(table, values), deadLetter })
    }
    rows += made.length
    for (const [table, values] of groupByTable(batch))
      differences.push(...(await compareRows(runner, table, values)))
  }
  for (const table of factTableNames) differences.push(...(await findExtraRows(runner, table)))
  return { differences: differences.sort(byBlock), rows }
}

/** Why the tables refused events, by event id; asking them for such a row again fails again. */
async function readDeadLetters(runner: QueryRunner): Promise<ReadonlyMap<string, string>> {
  const letters: { event_id: string; sqlstate: string; message: string }[] = await runner.query(
    'SELECT event_id::text, sqlstate, message FROM dead_letter',
  )
  return new Map(letters.map((one) => [one.event_id, `${one.sqlstate} ${one.message}`]))
}

const missingRow = (what: string, values: TableRow['values']): VerifyDifference => ({
  ...{ between: 'log and tables', kind: 'missing', what, id: String(values['id']) },
  height: Number(values['block_number']),
  blockHash: String(values['block_hash']),
})

/** A row with the event that makes it. */
type MadeRow = TableRow & { readonly eventId: string }

/** Rows of the facts that no revert has undone, each once, in batches. */
async function* liveRows(
  eventLog: Pick<EventLog, 'read'>,
  chainId: number,
  { facts, revision }: LiveLog,
): AsyncGenerator<readonly MadeRow[]> {
  const written = new Set<string>()
  let batch: MadeRow[] = []
  for await (const event of eventLog.read(chainStream(chainId))) {
    if (event.revision > revision) break
    const fact = facts.get(event.id)
    if (fact === undefined || written.has(event.id)) continue
    written.add(event.id)
    const row = rowOfFact(event as RecordedEvent & ChainFact, event.id, noKeys())
    batch.push({ ...row, eventId: event.id })
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function groupByTable(rows: readonly TableRow[]): ReadonlyMap<string, TableRow['values'][]> {
  const tables = new Map<string, TableRow['values'][]>()
  for (const { table, values } of rows) tables.set(table, [...(tables.get(table) ?? []), values])
  return tables
}

async function compareRows(
  runner: QueryRunner,
  table: string,
  values: readonly TableRow['values'][],
): Promise<readonly VerifyDifference[]> {
  const folded = foldedColumns[table] ?? []
  const columns = Object.keys(values[0] ?? {}).filter((column) => !folded.includes(column))
  const json = JSON.stringify(values)
  await runner.query(
    `INSERT INTO verify_expected SELECT $2, id::text
     FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [json, table],
  )
  const different = columns.map((c) => `t."${c}" IS DISTINCT FROM e."${c}"`).join(' OR ')
  const found: Found[] = await runner.query(
    `SELECT e.id::text AS id, e.block_number, e.block_hash, t.id IS NULL AS missing
     FROM json_populate_recordset(NULL::${table}, $1::json) AS e
     LEFT JOIN ${table} AS t ON t.id = e.id WHERE t.id IS NULL OR ${different}`,
    [json],
  )
  return found.map((row) => difference(table, row.missing === true ? 'missing' : 'different', row))
}

async function findExtraRows(
  runner: QueryRunner,
  table: string,
): Promise<readonly VerifyDifference[]> {
  const found: Found[] = await runner.query(
    `SELECT t.id::text AS id, t.block_number, t.block_hash FROM ${table} AS t
     LEFT JOIN verify_expected AS e ON e.tab = $1 AND e.id = t.id::text
     WHERE e.id IS NULL ORDER BY t.block_number, t.id LIMIT 1000`,
    [table],
  )
  return found.map((row) => difference(table, 'extra', row))
}

interface Found {
  readonly id: string
  readonly block_number: string
  readonly block_hash: string
  readonly missing?: boolean
}

const difference = (
  what: string,
  kind: VerifyDifference['kind'],
  { id, block_number, block_hash }: Found,
): VerifyDifference => ({
  between: 'log and tables',
  kind,
  height: Number(block_number),
  blockHash: block_hash,
  what,
  id,
})
