import type pg from 'pg'
import { readStreamRows, toStreamState } from './read-stream-rows.ts'
import type { StoredEvent, StreamState } from './stored-event.ts'

export type Direction = 'forwards' | 'backwards'

/** Reads committed events from the database in pages; what was scavenged is skipped. */
export interface LogReader {
  /** From revision `from` (inclusive) on, down to `lowest` when backwards. */
  readStream(
    stream: StreamState,
    from: number,
    direction: Direction,
    limit: number,
    lowest: number,
  ): Promise<StoredEvent[]>
  readAll(from: number, direction: Direction, limit: number): Promise<StoredEvent[]>
  /** Names the next events from a position inclusive, without their payloads. */
  scan(from: number, limit: number): Promise<readonly EventName[]>
  readState(stream: string): Promise<StreamState | undefined>
  /** First event of a stream from a revision on. */
  findNext(
    stream: StreamState,
    from: number,
  ): Promise<{ readonly revision: number; readonly created: number } | undefined>
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

export function createLogReader(pool: pg.Pool | pg.ClientBase, schema: string): LogReader {
  const created = '(extract(epoch FROM e.created) * 1000)::bigint AS created'
  const select = `SELECT e.position, s.name, e.revision, e.id, e.type, e.content_type, e.data, e.metadata,
    ${created} FROM ${schema}.event e JOIN ${schema}.stream s ON s.id = e.stream_id`
  const query = async (name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name, text: `${select} ${text}`, values })).rows.map(toStoredEvent)

  return {
    readStream: ({ id }, from, direction, limit, lowest) =>
      direction === 'forwards'
        ? query(
            'read-stream',
            'WHERE e.stream_id = $1 AND e.revision >= $2 ORDER BY e.revision LIMIT $3',
            [id, Math.max(from, lowest), limit],
          )
        : query(
            'read-stream-back',
            'WHERE e.stream_id = $1 AND e.revision BETWEEN $3 AND $2 ORDER BY e.revision DESC LIMIT $4',
            [id, from, lowest, limit],
          ),
    readAll: (from, direction, limit) =>
      direction === 'forwards'
        ? query('read-all', 'WHERE e.position >= $1 ORDER BY e.position LIMIT $2', [from, limit])
        : query('read-all-back', 'WHERE e.position <= $1 ORDER BY e.position DESC LIMIT $2', [
            from,
            limit,
          ]),
    async scan(from, limit) {
      const { rows } = await pool.query<Pick<Row, 'position' | 'name' | 'type'>>({
        name: 'scan',
        text: `SELECT e.position, s.name, e.type FROM ${schema}.event e
          JOIN ${schema}.stream s ON s.id = e.stream_id
          WHERE e.position >= $1 ORDER BY e.position LIMIT $2`,
        values: [from, limit],
      })
      return rows.map((row) => ({
        position: Number(row.position),
        stream: row.name,
        type: row.type,
      }))
    },
    async readState(stream) {
      const [row] = await readStreamRows(pool, schema, [stream])
      return row && toStreamState(row)
    },
    async findNext({ id }, from) {
      const { rows } = await pool.query<{ revision: string; created: string }>({
        name: 'find-next',
        text: `SELECT e.revision, ${created} FROM ${schema}.event e
          WHERE e.stream_id = $1 AND e.revision >= $2 ORDER BY e.revision LIMIT 1`,
        values: [id, from],
      })
      const row = rows[0]
      return row && { revision: Number(row.revision), created: Number(row.created) }
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
