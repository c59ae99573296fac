import pg from 'pg'
import { Gauge, Registry } from 'prom-client'

/** How the database of an event log is. */
export interface LogDatabaseWatch extends AsyncDisposable {
  readonly metricsType: string
  /** Whether the database answers within two seconds. */
  answers(): Promise<boolean>
  metrics(): Promise<string>
}

const patienceMs = 2_000

/**
 * Watches the database under an event log over a connection of its own, so that an answer says
 * nothing about the log's own queue.
 *
 * @param schema schema of the log's tables, as it was given to the server.
 */
export function watchLogDatabase(databaseUrl: string, schema: string): LogDatabaseWatch {
  const pool = new pg.Pool({
    ...{ connectionString: databaseUrl, max: 1, application_name: 'provenant-eventlog-watch' },
    ...{ connectionTimeoutMillis: patienceMs, query_timeout: patienceMs },
  })
  // An idle connection that breaks must not end the process; the next question finds out.
  pool.on('error', () => undefined)
  const registry = new Registry()
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `provenant_eventlog_${name}`, help, registers: [registry] })
  const up = gauge('database_up', '1 while the database of the log answers')
  const position = gauge('position', 'Position of the newest event')
  const bytes = gauge('bytes', 'Size of the log with its indexes')
  const seconds = gauge('database_seconds', 'Time the database took to answer this scrape')
  const read = async () => {
    const { rows } = await pool.query<{ position: string; bytes: string }>(
      `SELECT coalesce(max(position), 0) AS position,
         (SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
          WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')) AS bytes
       FROM ${schema}.event`,
      [schema],
    )
    return rows[0]
  }
  return {
    metricsType: registry.contentType,
    answers: () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    async metrics() {
      const began = performance.now()
      const row = await read().catch(() => undefined)
      up.set(row === undefined ? 0 : 1)
      if (row !== undefined) {
        position.set(Number(row.position))
        bytes.set(Number(row.bytes))
        seconds.set((performance.now() - began) / 1000)
      }
      return registry.metrics()
    },
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
