import pg from 'pg'

export interface DiskUsage {
  readonly totalMb: number
  /** Rows without their indexes, overlong values included. */
  readonly rowsMb: number
  readonly indexesMb: number
  /** The largest tables, with their indexes. */
  readonly tables: Readonly<Record<string, number>>
}

/** Measures what all tables of one schema take on disk, in MiB. */
export async function readDiskUsage(databaseUrl: string, schema: string): Promise<DiskUsage> {
  const rows = await query<{ name: string; rows: number; indexes: number }>(
    databaseUrl,
    `SELECT relname AS name, pg_table_size(c.oid) / 1048576.0::float8 AS rows,
       pg_indexes_size(c.oid) / 1048576.0::float8 AS indexes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind = 'r'
     ORDER BY pg_total_relation_size(c.oid) DESC`,
    [schema],
  )
  const sum = (part: (row: (typeof rows)[number]) => number) =>
    round(rows.reduce((total, row) => total + part(row), 0))
  return {
    totalMb: sum((row) => row.rows + row.indexes),
    rowsMb: sum((row) => row.rows),
    indexesMb: sum((row) => row.indexes),
    tables: Object.fromEntries(
      rows.slice(0, 8).map((row) => [row.name, round(row.rows + row.indexes)]),
    ),
  }
}

/** Bytes of write-ahead log since the cluster began; a difference says what a run wrote. */
export async function readWalBytes(databaseUrl: string): Promise<number> {
  const [row] = await query<{ bytes: number }>(
    databaseUrl,
    "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS bytes",
  )
  return row?.bytes ?? 0
}

/** Asks one question over a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

const round = (mb: number) => Math.round(mb * 10) / 10
