import type { DataSource } from 'typeorm'
import type { Hex } from '../../schema/events/event.ts'
import { connectGeneration } from './generations/connect-generation.ts'

export interface TableHash {
  readonly rows: number
  /** sha256 over the sha256 of each row, sorted. */
  readonly hash: Hex
}

/** Tables that say how far the projection is, not what it holds. */
const progressTables = ['chain_head', 'dead_letter', 'migrations', 'projection_checkpoint']

/**
 * Hashes the content of every live table of the read model, independent of the order of writing.
 *
 * Two databases that were projected from the same facts have the same hashes.
 *
 * @throws `DATABASE_UNAVAILABLE`, `SCHEMA_MISMATCH`
 */
export async function tableHashes(
  databaseUrl: string,
): Promise<Readonly<Record<string, TableHash>>> {
  const { source } = await connectGeneration(databaseUrl, 'live', 1)
  try {
    return await hashTables(source)
  } finally {
    await source.destroy()
  }
}

/** Hashes the tables of the schema that a connection means. */
export async function hashTables(
  connection: Pick<DataSource, 'query'>,
): Promise<Readonly<Record<string, TableHash>>> {
  const hashes: Record<string, TableHash> = {}
  const tables: { name: string }[] = await connection.query(
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = current_schema() AND tablename <> ALL ($1) ORDER BY 1`,
    [progressTables],
  )
  for (const { name } of tables) {
    const [row] = await connection.query(
      `SELECT count(*)::int AS rows, encode(sha256(coalesce(
         string_agg(digest, ''::bytea ORDER BY digest), ''::bytea)), 'hex') AS hash
       FROM (SELECT sha256(convert_to(t::text, 'UTF8')) AS digest FROM ${name} AS t) AS d`,
    )
    hashes[name] = { rows: row.rows, hash: `0x${row.hash}` }
  }
  return hashes
}
