import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../cli/services/start-postgres.ts'
import { copyIn } from '../../eventlog/embedded/copy-in.ts'
import { createTables } from '../../eventlog/embedded/create-tables.ts'
import { copyColumns, encodeCopy } from '../../eventlog/embedded/encode-copy.ts'
import type { DraftEvent } from '../../eventlog/embedded/log-draft.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import { cpuSeconds } from './cpu-seconds.ts'
import { measurePartitions } from './measure-partitions.ts'
import { recordedEvents } from './recorded-event.ts'

const MILLION = 1_000_000
const BATCH = 500
const TEMPLATES = 20_000
const PAGES = 100

/**
 * Fills a log's table with millions of recorded calls and prints what each million costs: time and CPU
 * of the database, bytes in table, index and WAL, pages read, a scavenge, partitions, and rows of the
 * largest table of facts. The figures behind docs/decisions/0009-a-billion-events.md.
 *
 * `npx tsx bench/eventlog/measure-growth.ts <millions>`; needs 3 GB of disk per million.
 */
async function measureGrowth(millions: number, print: (line: object) => void): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'provenant-growth-'))
  await chmod(dir, 0o755)
  const postgres = await startPostgres({ dir })
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const cpu = () => cpuSeconds(rows[0]!.pid) * 1e6
    const fill = createFiller(client)
    await createTables(client, 'log')
    for (let million = 0; million < millions; million++) {
      await client.query('CHECKPOINT')
      const before = { cpu: cpu(), wal: await walBytes(client), at: performance.now() }
      await fill('log.event', million * MILLION, MILLION)
      const seconds = (performance.now() - before.at) / 1000
      const inserted = cpu()
      const size = await sizes(client, 'log.event')
      const rowsRead = await readPages(client, (million + 1) * MILLION)
      print({
        events: (million + 1) * MILLION,
        insertPerSecond: Math.round(MILLION / seconds),
        insertCpuMicros: (inserted - before.cpu) / MILLION,
        readCpuMicros: (cpu() - inserted) / rowsRead,
        walBytesPerEvent: ((await walBytes(client)) - before.wal) / MILLION,
        tableBytesPerEvent: size.table / (million + 1) / MILLION,
        indexBytesPerEvent: size.indexes / (million + 1) / MILLION,
      })
    }
    print(await measureScavenge(client, cpu))
    print(await measurePartitions(client, fill))
    print(await measureFacts(client, postgres.url))
  } finally {
    await client.end()
    await postgres.close()
    await rm(dir, { recursive: true, force: true })
  }
}

function createFiller(client: pg.Client) {
  const templates = recordedEvents(0, TEMPLATES).map(({ type, data, metadata }) => ({
    type,
    contentType: 'application/json',
    data: Buffer.from(JSON.stringify(data)),
    metadata: Buffer.from(JSON.stringify(metadata)),
  }))
  return async (table: string, from: number, count: number): Promise<void> => {
    for (let at = from; at < from + count; at += BATCH) {
      const events = Array.from(
        { length: BATCH },
        (_, i): DraftEvent => ({
          ...templates[(at + i) % TEMPLATES]!,
          position: at + i + 1,
          revision: at + i,
          stream: 'chain-1',
          streamId: 1,
          id: randomUUID(),
          created: 1_790_000_000_000 + at,
        }),
      )
      await copyIn(
        client,
        `COPY ${table} (${copyColumns}) FROM STDIN (FORMAT binary)`,
        encodeCopy(events),
      )
    }
  }
}

async function readPages(client: pg.Client, events: number): Promise<number> {
  let rows = 0
  for (let page = 0; page < PAGES; page++) {
    const from = Math.floor((((page * 7_919) % PAGES) / PAGES) * (events - BATCH)) + 1
    const { rowCount } = await client.query({
      name: 'page',
      text: `SELECT position, revision, id, type, data, metadata FROM log.event
        WHERE position >= $1 ORDER BY position LIMIT ${BATCH}`,
      values: [from],
    })
    rows += rowCount ?? 0
  }
  return rows
}

async function measureScavenge(client: pg.Client, cpu: () => number) {
  const before = { cpu: cpu(), wal: await walBytes(client), at: performance.now() }
  let removed = 0
  for (;;) {
    const { rowCount } = await client.query(
      `DELETE FROM log.event WHERE position = ANY(ARRAY(SELECT position FROM log.event
       WHERE stream_id = 1 AND revision < 250000 ORDER BY revision LIMIT 2000))`,
    )
    if (!rowCount) break
    removed += rowCount
  }
  const seconds = (performance.now() - before.at) / 1000
  const used = cpu() - before.cpu
  const wal = (await walBytes(client)) - before.wal
  const vacuumed = performance.now()
  await client.query('VACUUM log.event')
  return {
    scavenged: removed,
    perSecond: Math.round(removed / seconds),
    cpuMicros: used / removed,
    walBytesPerEvent: wal / removed,
    vacuumMs: Math.round(performance.now() - vacuumed),
  }
}

/** Rows of recorded calls, the table that grows with the log. */
async function measureFacts(client: pg.Client, databaseUrl: string) {
  await migrate(databaseUrl)
  const { rows } = await client.query<{ column_name: string; data_type: string }>(
    `SELECT column_name, data_type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'inference' AND is_generated = 'NEVER'
     ORDER BY ordinal_position`,
  )
  const value = ({ column_name, data_type }: { column_name: string; data_type: string }) => {
    if (column_name === 'model_id' || column_name === 'model_version') return 'n % 7 + 1'
    if (column_name === 'payer') return `'0x' || left(md5((n % 50)::text) || md5('p'), 40)`
    if (column_name.includes('hash')) return `'0x' || md5(n::text) || md5('${column_name}')`
    if (column_name === 'batch_id') return 'n / 100'
    if (column_name === 'id') return `'0x' || md5(n::text) || md5('id' || n)`
    if (data_type === 'boolean') return 'false'
    if (data_type.startsWith('timestamp')) return 'now()'
    if (data_type === 'jsonb') return `'{}'::jsonb`
    return data_type === 'text' ? `'0x' || left(md5('o') || md5('p'), 40)` : 'n'
  }
  const at = performance.now()
  const count = 500_000
  for (let from = 0; from < count; from += 10_000) {
    await client.query(
      `INSERT INTO public.inference (${rows.map((row) => `"${row.column_name}"`).join(', ')})
       SELECT ${rows.map(value).join(', ')} FROM generate_series(${from}, ${from + 9_999}) AS n`,
    )
  }
  const size = await sizes(client, 'public.inference')
  return {
    factRows: count,
    factTableBytes: size.table / count,
    factIndexBytes: size.indexes / count,
    factRowsPerSecond: Math.round(count / ((performance.now() - at) / 1000)),
  }
}

async function sizes(client: pg.Client, table: string) {
  const { rows } = await client.query<{ t: string; i: string }>(
    'SELECT pg_table_size($1::regclass) AS t, pg_indexes_size($1::regclass) AS i',
    [table],
  )
  return { table: Number(rows[0]!.t), indexes: Number(rows[0]!.i) }
}

async function walBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT pg_current_wal_lsn() - '0/0' AS bytes`,
  )
  return Number(rows[0]!.bytes)
}

await measureGrowth(Number(process.argv[2] ?? 1), (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
})
