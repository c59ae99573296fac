import type pg from 'pg'
import type { ChainFact } from './chain-fact.ts'
import { expectRow, rowShapes } from './expect-rows.ts'

type Row = Readonly<Record<string, unknown>>

const factTables = [...new Set(Object.values(rowShapes).map(({ table }) => table))]

/** Names every difference between the chain's facts and the rows of the tables. */
export async function compareTables(
  facts: readonly ChainFact[],
  database: pg.Client,
): Promise<readonly string[]> {
  const differences: string[] = []
  const expected = new Map<string, Row[]>()
  for (const fact of facts) {
    const { table, values } = expectRow(fact)
    expected.set(table, [...(expected.get(table) ?? []), values])
  }
  for (const table of factTables) {
    const { rows } = await database.query<{ row: Row }>(
      `SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS row
       FROM ${table} AS t`,
    )
    differences.push(
      ...compareRows(
        table,
        expected.get(table) ?? [],
        rows.map(({ row }) => row),
      ),
    )
  }
  const { rows: refused } = await database.query<Row>('SELECT type, message FROM dead_letter')
  for (const { type, message } of refused)
    differences.push(`the tables refused ${type}: ${message}`)
  return differences
}

function compareRows(
  table: string,
  expected: readonly Row[],
  rows: readonly Row[],
): readonly string[] {
  const found = new Map<string, Row[]>()
  for (const row of rows) found.set(placeOf(row), [...(found.get(placeOf(row)) ?? []), row])
  const differences: string[] = []
  for (const values of expected) {
    const here = found.get(placeOf(values)) ?? []
    const where = `${table} ${placeOf(values)} of block ${values['block_number']}`
    const at = here.findIndex((row) => differing(row, values).length === 0)
    if (at >= 0) here.splice(at, 1)
    else if (here.length === 0) differences.push(`the tables lack ${where}`)
    else {
      const columns = differing(here.shift() as Row, values).join(', ')
      differences.push(`the tables say otherwise (${columns}) in ${where}`)
    }
  }
  for (const [place, extra] of found)
    for (const row of extra)
      differences.push(`the chain lacks ${table} ${place} of block ${row['block_number']}`)
  return differences
}

const placeOf = (row: Row) => `${row['block_hash']}:${row['log_index']}`

/** Columns that are there and hold something else; fields without a column are not projected. */
const differing = (row: Row, values: Row): readonly string[] =>
  Object.keys(values).filter(
    (column) => column in row && plain(row[column]) !== plain(values[column]),
  )

/** Text of a value, a list's without the spaces and quotes that only PostgreSQL or only JSON sets. */
const plain = (value: unknown): string => {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /^[[{]/.test(text) ? text.replaceAll(/[\s"]/g, '') : text
}
