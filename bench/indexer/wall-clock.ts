import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** The tables of a run; each event of the chain is one row of one of them. */
const tables = ['datanet', 'training_run', 'model_version', 'contribution'] as const

export interface WallClock {
  /** From the start of the processes until another connection saw every row. */
  readonly seconds: number
  /** Until it saw the first row. */
  readonly firstRowSeconds: number
}

/** Milliseconds between two looks. */
const pollMs = 10

/**
 * Starts an indexer and waits until another connection sees a row for every event of the chain.
 *
 * It looks for the last row first, since counting takes time from who is measured.
 */
export async function measureWallClock(options: {
  readonly databaseUrl: string
  readonly schema?: string
  readonly events: number
  readonly timeoutSeconds: number
  /** Starts the processes. */
  readonly start: () => readonly { readonly ended: Promise<never> }[]
}): Promise<WallClock> {
  const { databaseUrl, schema = 'public', events } = options
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const has = (id: number) => ({
      name: 'has-row',
      text: `SELECT 1 FROM ${schema}.contribution WHERE id = $1`,
      values: [id],
    })
    const count = tables.map((table) => `(SELECT count(*) FROM ${schema}.${table})`).join('+')
    const started = performance.now()
    const ended = options.start().map((process) => process.ended)
    const seconds = () => (performance.now() - started) / 1000
    const look = async () => {
      let first: number | undefined
      for (;;) {
        await sleep(pollMs)
        // The fourth event is the first contribution; the table may not be there yet.
        const id = first === undefined ? 4 : events
        const { rowCount } = await client.query(has(id)).catch(() => ({ rowCount: 0 }))
        if (rowCount === 1 && first === undefined) first = seconds()
        else if (rowCount === 1) {
          const { rows } = await client.query<{ n: string }>(`SELECT ${count} AS n`)
          if (Number(rows[0]?.n) === events)
            return { seconds: seconds(), firstRowSeconds: first ?? 0 }
        }
        if (seconds() > options.timeoutSeconds)
          throw new Error(`not indexed in ${options.timeoutSeconds} s`)
      }
    }
    return await Promise.race([look(), ...ended])
  } finally {
    await client.end()
  }
}
