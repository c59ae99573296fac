import type pg from 'pg'
import type { StreamState } from './stored-event.ts'
import { metastreamLimits } from './stream-limits.ts'
import { isMetastream } from './stream-name.ts'

export interface StreamRow {
  readonly id: string
  readonly name: string
  readonly first_revision: string
  readonly max_count: string | null
  readonly max_age_seconds: string | null
  readonly tombstoned: boolean
  readonly head: string | null
  /** Newest metadata, of a deleted stream only. */
  readonly metadata: Buffer | null
}

/** Reads the rows of streams with their heads. */
export async function readStreamRows(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  names: readonly string[],
): Promise<readonly StreamRow[]> {
  const { rows } = await client.query<StreamRow>({
    name: 'read-stream-rows',
    text: `
      SELECT s.id, s.name, s.first_revision, s.max_count, s.max_age_seconds, s.tombstoned,
        (SELECT max(revision) FROM ${schema}.event WHERE stream_id = s.id) AS head,
        CASE WHEN s.first_revision = 9223372036854775807 THEN (
          SELECT e.data FROM ${schema}.event e
          JOIN ${schema}.stream m ON m.id = e.stream_id AND m.name = '$$' || s.name
          ORDER BY e.revision DESC LIMIT 1
        ) END AS metadata
      FROM ${schema}.stream s WHERE s.name = ANY($1::text[])`,
    values: [names],
  })
  return rows
}

export const toStreamState = (row: StreamRow): StreamState => ({
  id: Number(row.id),
  name: row.name,
  head: row.head === null ? -1 : Number(row.head),
  limits: isMetastream(row.name)
    ? metastreamLimits
    : {
        truncateBefore: Number(row.first_revision),
        maxCount: row.max_count === null ? undefined : Number(row.max_count),
        maxAgeSeconds: row.max_age_seconds === null ? undefined : Number(row.max_age_seconds),
      },
  tombstoned: row.tombstoned,
  ...(row.metadata === null ? {} : { metadata: row.metadata }),
})
