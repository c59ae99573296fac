import type pg from 'pg'
import type { ProposedEvent, StreamState } from './stored-event.ts'

/** Tells whether exactly these events stand in the stream from `revision` on. */
export async function standsAt(
  client: pg.Client,
  schema: string,
  stream: StreamState,
  revision: number,
  events: readonly ProposedEvent[],
): Promise<boolean> {
  const last = revision + events.length - 1
  if (events.length === 0 || last > stream.head) return false
  const { rows } = await client.query<{ id: string }>({
    name: 'events-at',
    text: `SELECT id FROM ${schema}.event
      WHERE stream_id = $1 AND revision BETWEEN $2 AND $3 ORDER BY revision`,
    values: [stream.id, revision, last],
  })
  return rows.length === events.length && rows.every((row, i) => row.id === events[i]!.id)
}

/** The latest revision of each (stream, event id) that the log knows. */
export async function findRevisions(
  client: pg.Client,
  schema: string,
  wanted: readonly { readonly streamId: number; readonly id: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await client.query<{ stream_id: string; id: string; revision: string }>({
    name: 'find-revisions',
    text: `SELECT e.stream_id, e.id, max(e.revision) AS revision FROM ${schema}.event e
      JOIN unnest($1::bigint[], $2::uuid[]) AS w(stream_id, id) USING (stream_id, id)
      GROUP BY e.stream_id, e.id`,
    values: [wanted.map((w) => w.streamId), wanted.map((w) => w.id)],
  })
  return new Map(rows.map((row) => [`${row.stream_id} ${row.id}`, Number(row.revision)]))
}

/** The position of the event at a revision that exists. */
export async function positionOf(
  client: pg.Client,
  schema: string,
  stream: StreamState,
  revision: number,
): Promise<number> {
  const { rows } = await client.query<{ position: string }>({
    name: 'position-of',
    text: `SELECT position FROM ${schema}.event WHERE stream_id = $1 AND revision = $2`,
    values: [stream.id, revision],
  })
  return Number(rows[0]?.position ?? 0)
}
