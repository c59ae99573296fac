import type pg from 'pg'
import { firstLive } from '../first-live.ts'
import { createLogReader } from '../log-reader.ts'
import { readStreamRows, toStreamState } from '../read-stream-rows.ts'
import { revisionText } from '../revision.ts'
import { isMetastream, originalOf } from '../stream-name.ts'
import type { ScavengeStream } from './next-streams.ts'
import type { ScavengeRecord } from './scavenge-store.ts'

const CHUNK = 2_000

export interface RemovedChunk {
  readonly positions: readonly number[]
  /** Nothing more to remove in this stream. */
  readonly done: boolean
}

/**
 * Removes at most 2,000 events of a stream and notes the progress, in one transaction.
 *
 * The metadata is read again for every chunk under a lock that only a change of that very metadata
 * waits for, so what has become readable again stays. The last event of a stream stays too: it tells
 * the stream's revision, and the last event of the log tells the log's position.
 */
export async function removeChunk(
  client: pg.ClientBase,
  schema: string,
  stream: ScavengeStream,
  { id, started, upTo }: ScavengeRecord,
): Promise<RemovedChunk> {
  await client.query('BEGIN')
  try {
    await client.query(`SELECT 1 FROM ${schema}.stream WHERE id = $1 FOR SHARE`, [stream.id])
    const before = await firstToStay(client, schema, stream, started)
    const { rows } = await client.query<{ position: string; bytes: number }>(
      `DELETE FROM ${schema}.event WHERE position = ANY(ARRAY(
         SELECT position FROM ${schema}.event
         WHERE stream_id = $1 AND revision < $2 AND position < $3
         ORDER BY revision LIMIT ${CHUNK}))
       RETURNING position, length(data) + length(metadata) AS bytes`,
      [stream.id, revisionText(before), upTo],
    )
    await client.query(
      `UPDATE ${schema}.scavenge SET next_stream = $2, removed = removed + $3,
         removed_bytes = removed_bytes + $4 WHERE id = $1`,
      [id, stream.id, rows.length, rows.reduce((sum, row) => sum + row.bytes, 0)],
    )
    await client.query('COMMIT')
    return { positions: rows.map((row) => Number(row.position)), done: rows.length < CHUNK }
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {})
    throw cause
  }
}

async function firstToStay(
  client: pg.ClientBase,
  schema: string,
  { name }: ScavengeStream,
  now: number,
): Promise<number> {
  const original = isMetastream(name) ? originalOf(name) : undefined
  const rows = await readStreamRows(client, schema, original ? [name, original] : [name])
  const row = rows.find((found) => found.name === name)
  if (row === undefined) return 0
  const state = toStreamState(row)
  const described = rows.find((found) => found.name === original)
  if (described?.tombstoned) return state.head + 1
  if (state.tombstoned) return state.head
  const first = await firstLive(createLogReader(client, schema), state, 0, now)
  return Math.min(first, state.head)
}
