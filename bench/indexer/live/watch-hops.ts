import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** Milliseconds after the block was mined until something was seen. */
export interface Hops {
  /** The event log began to write the event, by the time it stamps on it. */
  readonly stamped: number
  /** The event was committed in the log. */
  readonly logged: number
  /** Its row was committed in the tables. */
  readonly projected: number
  /** GraphQL returned the row. */
  readonly visible: number
}

/** Looks every millisecond where a contribution has got to. */
export interface HopWatch extends AsyncDisposable {
  /** Resolves with wall-clock times of log and tables. */
  follow(contribution: number): Promise<{ stamped: number; logged: number; projected: number }>
}

/** Opens connections that look into both databases beside the processes. */
export async function watchHops(logDatabaseUrl: string, databaseUrl: string): Promise<HopWatch> {
  const log = new pg.Client({ connectionString: logDatabaseUrl })
  const tables = new pg.Client({ connectionString: databaseUrl })
  await Promise.all([log.connect(), tables.connect()])
  const until = async <Row extends pg.QueryResultRow>(
    client: pg.Client,
    name: string,
    text: string,
    value: unknown,
  ) => {
    for (;;) {
      const { rows } = await client.query<Row>({ name, text, values: [value] })
      const [row] = rows
      if (row !== undefined) return { row, at: Date.now() }
      await sleep(1)
    }
  }
  return {
    async follow(contribution) {
      const [logged, projected] = await Promise.all([
        until<{ stamped: number }>(
          log,
          'logged',
          `SELECT (extract(epoch FROM created) * 1000)::float8 AS stamped FROM (
             SELECT * FROM eventlog.event ORDER BY position DESC LIMIT 20) AS newest
           WHERE type = 'ContributionSubmitted'
             AND convert_from(data, 'UTF8')::json->>'contributionId' = $1`,
          String(contribution),
        ),
        until(tables, 'projected', 'SELECT 1 FROM contribution WHERE id = $1', contribution),
      ])
      return { stamped: logged.row.stamped, logged: logged.at, projected: projected.at }
    },
    async [Symbol.asyncDispose]() {
      await log.end()
      await tables.end()
    },
  }
}
