import { randomUUID } from 'node:crypto'
import type pg from 'pg'

/** One scavenge; it goes through the streams in the order of their ids. */
export interface ScavengeRecord {
  readonly id: string
  /** Unix milliseconds; age is judged by it, however long the scavenge takes. */
  readonly started: number
  /** Events after this position are not looked at. */
  readonly upTo: number
  /** Streams with lower ids are done. */
  readonly nextStream: number
}

interface Row {
  id: string
  started: Date
  up_to: string
  next_stream: string
}

/** The scavenge that was stopped or died, or a new one up to `head`. */
export async function openScavenge(
  client: pg.ClientBase,
  schema: string,
  head: number,
): Promise<ScavengeRecord> {
  const found = await client.query<Row>(
    `SELECT id, started, up_to, next_stream FROM ${schema}.scavenge WHERE ended IS NULL`,
  )
  const row = found.rows[0]
  if (row !== undefined) return toRecord(row)
  const { rows } = await client.query<Row>(
    `INSERT INTO ${schema}.scavenge (id, started, up_to) VALUES ($1, now(), $2)
     RETURNING id, started, up_to, next_stream`,
    [randomUUID(), head],
  )
  return toRecord(rows[0]!)
}

/** Marks a scavenge as done and tells what it removed over all its runs. */
export async function endScavenge(
  client: pg.ClientBase,
  schema: string,
  id: string,
): Promise<ScavengeTotals> {
  await client.query(`UPDATE ${schema}.scavenge SET ended = now() WHERE id = $1`, [id])
  return readTotals(client, schema, id)
}

export interface ScavengeTotals {
  readonly removed: number
  readonly removedBytes: number
}

export async function readTotals(
  client: pg.ClientBase,
  schema: string,
  id: string,
): Promise<ScavengeTotals> {
  const { rows } = await client.query<{ removed: string; removed_bytes: string }>(
    `SELECT removed, removed_bytes FROM ${schema}.scavenge WHERE id = $1`,
    [id],
  )
  return { removed: Number(rows[0]?.removed), removedBytes: Number(rows[0]?.removed_bytes) }
}

const toRecord = (row: Row): ScavengeRecord => ({
  id: row.id,
  started: row.started.getTime(),
  upTo: Number(row.up_to),
  nextStream: Number(row.next_stream),
})
