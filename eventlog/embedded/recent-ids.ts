import type pg from 'pg'
import type { DraftEvent } from './log-draft.ts'

const MAX_IDS = 50_000

/**
 * Where the newest events of the log stand, by stream and id.
 *
 * It answers repeats of appends that expect no revision, as far back as it remembers. EventStoreDB
 * gives no more than this for such appends, and an index over random ids would cost every append as
 * much as the row itself.
 */
export interface RecentIds {
  /** Reads the newest events of the log, once. */
  load(client: pg.ClientBase): Promise<void>
  add(events: readonly DraftEvent[]): void
  /** Latest revision of an event id in a stream. */
  find(streamId: number, id: string): number | undefined
  clear(): void
}

export function createRecentIds(schema: string): RecentIds {
  let newer = new Map<string, number>()
  let older = new Map<string, number>()
  let loaded = false

  const put = (streamId: number | string, id: string, revision: number) => {
    if (newer.size >= MAX_IDS) {
      older = newer
      newer = new Map()
    }
    newer.set(`${streamId} ${id}`, revision)
  }

  return {
    async load(client) {
      if (loaded) return
      const { rows } = await client.query<{ stream_id: string; id: string; revision: string }>(
        `SELECT stream_id, id, revision FROM (
           SELECT position, stream_id, id, revision FROM ${schema}.event
           ORDER BY position DESC LIMIT ${MAX_IDS}
         ) AS newest ORDER BY position`,
      )
      for (const row of rows) put(row.stream_id, row.id, Number(row.revision))
      loaded = true
    },
    add(events) {
      // Until the first question nothing is kept: most logs are never asked.
      if (!loaded) return
      for (const { streamId, id, revision } of events) put(streamId, id, revision)
    },
    find(streamId, id) {
      const key = `${streamId} ${id}`
      return newer.get(key) ?? older.get(key)
    },
    clear() {
      newer = new Map()
      older = new Map()
      loaded = false
    },
  }
}
