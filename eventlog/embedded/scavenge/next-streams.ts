import type pg from 'pg'

const PAGE = 500

/** A stream that may have events to remove. */
export interface ScavengeStream {
  readonly id: number
  readonly name: string
}

/** The next streams by id whose metadata, tombstone or nature lets events be removed. */
export async function nextStreams(
  client: pg.ClientBase,
  schema: string,
  from: number,
): Promise<readonly ScavengeStream[]> {
  const { rows } = await client.query<{ id: string; name: string }>(
    `SELECT id, name FROM ${schema}.stream
     WHERE id >= $1 AND (first_revision > 0 OR max_count IS NOT NULL
       OR max_age_seconds IS NOT NULL OR tombstoned OR starts_with(name, '$$'))
     ORDER BY id LIMIT ${PAGE}`,
    [from],
  )
  return rows.map(({ id, name }) => ({ id: Number(id), name }))
}
