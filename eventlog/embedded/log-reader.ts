import type pg from 'pg'
import type { StoredEvent, StreamState } from './stored-event.ts'

export type Direction = 'forwards' | 'backwards'

/** Reads committed events from the database in pages. */
export interface LogReader {
  /** From `from` (inclusive) on. */
  readStream(
    stream: string,
    from: number,
    direction: Direction,
    limit: number,
  ): Promise<StoredEvent[]>
  readAll(from: number, direction: Direction, limit: number): Promise<StoredEvent[]>
  /**
   * Names the events of a window of the log, `from` inclusive, without their payloads.
   */
  scan(from: number, to: number): Promise<readonly EventName[]>
  readState(stream: string): Promise<StreamState | undefined>
  readPositions(positions: readonly number[]): Promise<StoredEvent[]>
  readRevisions(stream: string, revisions: readonly number[]): Promise<StoredEvent[]>
}

export type EventName = Pick<StoredEvent, 'position' | 'stream' | 'type'>

interface Row {
  position: string
  name: string
  revision: string
  id: string
  type: string
  content_type: string
  data: Buffer
  metadata: Buffer
  created: string
}

export function createLogReader(pool: pg.Pool, schema: string): LogReader {
  const select = `SELECT e.position, s.name, e.revision, e.id, e.type, e.content_type, e.data, e.metadata,
    (extract(epoch FROM e.created) * 1000)::bigint AS created
    FROM ${schema}.event e JOIN ${schema}.stream s ON s.id = e.stream_id`
  const query = async (name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name, text: `${select} ${text}`, values })).rows.map(toStoredEvent)

  return {
    readStream: (stream, from, direction, limit) =>
      direction === 'forwards'
        ? query(
            'read-stream',
            'WHERE s.name = $1 AND e.revision >= greatest($2, s.first_revision) ORDER BY e.revision LIMIT $3',
            [stream, from, limit],
          )
        : query(
            'read-stream-back',
            'WHERE s.name = $1 AND e.revision <= $2 AND e.revision >= s.first_revision ORDER BY e.revision DESC LIMIT $3',
            [stream, from, limit],
          ),
    readAll: (from, direction, limit) =>
      direction === 'forwards'
        ? query(
            'read-all',
            'WHERE e.position >= $1 AND e.position < $1::bigint + $2 ORDER BY e.position',
            [from, limit],
          )
        : query(
            'read-all-back',
            'WHERE e.position <= $1 AND e.position > $1::bigint - $2 ORDER BY e.position DESC',
            [from, limit],
          ),
    async scan(from, to) {
      const { rows } = await pool.query<Pick<Row, 'position' | 'name' | 'type'>>({
        name: 'scan',
        text: `SELECT e.position, s.name, e.type FROM ${schema}.event e
          JOIN ${schema}.stream s ON s.id = e.stream_id
          WHERE e.position BETWEEN $1 AND $2 ORDER BY e.position`,
        values: [from, to],
      })
      return rows.map((row) => ({
        position: Number(row.position),
        stream: row.name,
        type: row.type,
      }))
    },
    async readState(stream) {
      const { rows } = await pool.query({
        name: 'read-state',
        text: `SELECT id, first_revision, tombstoned,
          (SELECT max(revision) FROM ${schema}.event WHERE stream_id = stream.id) AS head
          FROM ${schema}.stream WHERE name = $1`,
        values: [stream],
      })
      const row = rows[0]
      return (
        row && {
          id: Number(row.id),
          head: Number(row.head ?? -1),
          first: Number(row.first_revision),
          tombstoned: row.tombstoned,
        }
      )
    },
    readRevisions: (stream, revisions) =>
      query(
        'read-revisions',
        'WHERE s.name = $1 AND e.revision = ANY($2::bigint[]) ORDER BY e.revision',
        [stream, revisions],
      ),
    readPositions: (positions) =>
      query('read-positions', 'WHERE e.position = ANY($1::bigint[]) ORDER BY e.position', [
        positions,
      ]),
  }
}

const toStoredEvent = (row: Row): StoredEvent => ({
  position: Number(row.position),
  stream: row.name,
  revision: Number(row.revision),
  id: row.id,
  type: row.type,
  contentType: row.content_type,
  data: row.data,
  metadata: row.metadata,
  created: Number(row.created),
})
