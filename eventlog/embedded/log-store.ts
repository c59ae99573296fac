import pg from 'pg'
import { BaseError } from '../../schema/errors.ts'
import { createLogReader, type LogReader } from './log-reader.ts'
import { type LogWriter, type LogWriterOptions, openLogWriter } from './log-writer.ts'

export interface LogStore {
  readonly schema: string
  readonly isKept: (stream: string) => boolean
  readonly pool: pg.Pool
  readonly writer: LogWriter
  readonly reader: LogReader
  close(): Promise<void>
}

/**
 * Opens the log in one schema of a database, as its only writer.
 *
 * @throws DATABASE_UNAVAILABLE, also when the connection is lost on the way
 * @throws EVENT_LOG_LOCKED
 */
export async function openLogStore(options: LogWriterOptions): Promise<LogStore> {
  const { databaseUrl, schema, isKept } = options
  const writer = await openLogWriter(options).catch((cause: unknown) => {
    throw cause instanceof BaseError ? cause : new BaseError('DATABASE_UNAVAILABLE', { cause })
  })
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'provenant-eventlog-reader',
    max: 4,
  })
  // An idle connection that breaks must not end the process; the next query reports it.
  pool.on('error', () => {})
  return {
    schema,
    isKept,
    pool,
    writer,
    reader: createLogReader(pool, schema),
    async close() {
      await writer.close()
      await pool.end()
    },
  }
}
