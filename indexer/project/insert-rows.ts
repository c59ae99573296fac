import type { QueryRunner } from 'typeorm'
import type { TableRow } from './table-row.ts'

/** Inserts rows, one statement per table; rows that are there already stay as they are. */
export async function insertRows(runner: QueryRunner, rows: readonly TableRow[]): Promise<void> {
  const byTable = new Map<string, TableRow['values'][]>()
  for (const { table, values } of rows) {
    const sameTable = byTable.get(table)
    if (sameTable === undefined) byTable.set(table, [values])
    else sameTable.push(values)
  }
  for (const [table, values] of byTable) {
    const columns = Object.keys(values[0] ?? {}).map((column) => `"${column}"`)
    await runner.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns}
       FROM json_populate_recordset(NULL::${table}, $1::json) ON CONFLICT DO NOTHING`,
      [JSON.stringify(values)],
    )
  }
}
