import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { World } from '../world/world.ts'

/** Waits until something is in the log, or for a while: catch-up has begun and is not over. */
export async function awaitFirstAppend({ databaseUrl, signal }: World): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl })
  database.on('error', () => undefined)
  await database.connect()
  try {
    for (let tries = 0; tries < 2000 && !signal.aborted; tries++) {
      const { rows } = await database
        .query('SELECT 1 FROM eventlog.event LIMIT 1')
        .catch(() => ({ rows: [] }))
      if (rows.length > 0) return
      await sleep(5)
    }
  } finally {
    await database.end()
  }
}
