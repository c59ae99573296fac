import type pg from 'pg'
import { readStreamRows, toStreamState } from './read-stream-rows.ts'
import type { StreamState } from './stored-event.ts'
import { noLimits } from './stream-limits.ts'

const MAX_CACHED = 20_000

/** What the writer knows of the streams; right as long as it is the only writer. */
export interface StreamStates {
  /** Loads the streams that are not known yet. */
  load(client: pg.Client, names: readonly string[]): Promise<void>
  get(name: string): StreamState | undefined
  /** Adds a stream that the next insert will create. */
  start(name: string): StreamState
  /** Forgets everything if it has become much, between two groups. */
  trim(): void
  /** Forgets everything, after a write of unknown outcome. */
  clear(): void
}

export function createStreamStates(schema: string): StreamStates {
  const known = new Map<string, StreamState | undefined>()
  let nextId: number | undefined

  return {
    async load(client, names) {
      if (nextId === undefined) {
        const { rows } = await client.query(
          `SELECT coalesce(max(id), 0) + 1 AS id FROM ${schema}.stream`,
        )
        nextId = Number(rows[0].id)
      }
      const missing = names.filter((name) => !known.has(name))
      if (missing.length === 0) return
      const rows = await readStreamRows(client, schema, missing)
      for (const name of missing) known.set(name, undefined)
      for (const row of rows) known.set(row.name, toStreamState(row))
    },
    get: (name) => known.get(name),
    start(name) {
      const state: StreamState = {
        id: nextId!++,
        name,
        head: -1,
        limits: noLimits,
        tombstoned: false,
      }
      known.set(name, state)
      return state
    },
    trim() {
      if (known.size > MAX_CACHED) known.clear()
    },
    clear() {
      known.clear()
      nextId = undefined
    },
  }
}
