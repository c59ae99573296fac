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
