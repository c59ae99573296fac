import type pg from 'pg'
import type { StreamState } from './stored-event.ts'

const MAX_CACHED = 20_000

/** What the writer knows of the streams; right as long as it is the only writer. */
export interface StreamStates {
  /** Loads the streams that are not known yet. */
  load(client: pg.Client, names: readonly string[]): Promise<void>
  get(name: string): StreamState | undefined
  /** Adds a stream that the next insert will create. */
  start(name: string): StreamState
  /** Forgets everything, after a write of unknown outcome. */
  clear(): void
}

export function createStreamStates(schema: string): StreamStates {
  const known = new Map<string, StreamState | undefined>()
  let nextId: number | undefined

  return {
    async load(client, names) {
      if (known.size > MAX_CACHED) known.clear()
      if (nextId === undefined) {
        const { rows } = await client.query(
          `SELECT coalesce(max(id), 0) + 1 AS id FROM ${schema}.stream`,
        )
        nextId = Number(rows[0].id)
      }
      const missing = names.filter((name) => !known.has(name))
      if (missing.length === 0) return
      const { rows } = await client.query({
        name: 'load-streams',
        text: `
          SELECT id, name, first_revision, tombstoned,
            (SELECT max(revision) FROM ${schema}.event WHERE stream_id = stream.id) AS head
          FROM ${schema}.stream WHERE name = ANY($1::text[])`,
        values: [missing],
      })
      for (const name of missing) known.set(name, undefined)
      for (const row of rows) {
        known.set(row.name, {
          id: Number(row.id),
          head: row.head === null ? -1 : Number(row.head),
          first: Number(row.first_revision),
          tombstoned: row.tombstoned,
        })
      }
    },
    get: (name) => known.get(name),
    start(name) {
      const state: StreamState = { id: nextId!++, head: -1, first: 0, tombstoned: false }
      known.set(name, state)
      return state
    },
    clear() {
      known.clear()
      nextId = undefined
    },
  }
}
