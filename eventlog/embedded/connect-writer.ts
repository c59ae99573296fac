import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { BaseError } from '../../schema/errors.ts'
import { createTables } from './create-tables.ts'

const PAUSE_MS = 100

export interface WriterOptions {
  readonly databaseUrl: string
  readonly schema: string
  readonly lockTimeoutMs: number
}

/**
 * Connects the only writer of a schema and takes its lock for the life of the connection.
 *
 * The server of a killed process keeps the lock until PostgreSQL notices the closed socket, so the
 * lock is tried for a while.
 *
 * @throws EVENT_LOG_LOCKED another server writes to the schema
 * @throws DATABASE_UNAVAILABLE no connection
 */
export async function connectWriter({
  databaseUrl,
  schema,
  lockTimeoutMs,
}: WriterOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'provenant-eventlog-writer',
    keepAlive: true,
  })
  // Without a listener a lost connection would end the process; queries reject on their own.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SET synchronous_commit = on')
  } catch (cause) {
    await client.end().catch(() => {})
    throw new BaseError('DATABASE_UNAVAILABLE', { cause })
  }
  try {
    await lock(client, schema, lockTimeoutMs)
    await createTables(client, schema)
    return client
  } catch (cause) {
    await client.end().catch(() => {})
    throw cause
  }
}

async function lock(client: pg.Client, schema: string, timeoutMs: number): Promise<void> {
  const key = createHash('sha256').update(`provenant event log ${schema}`).digest()
  for (let waited = 0; ; waited += PAUSE_MS) {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS locked',
      [key.readBigInt64BE(0).toString()],
    )
    if (rows[0]?.locked) return
    if (waited >= timeoutMs) throw new BaseError('EVENT_LOG_LOCKED', { facts: { schema } })
    await sleep(PAUSE_MS)
  }
}
