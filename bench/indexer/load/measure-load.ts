import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEventLog } from '../../../eventlog/client/create-event-log.ts'
import { chainStream } from '../../../schema/events/streams.ts'
import { startBenchDatabase } from '../bench-services.ts'
import { startBurstChain } from '../burst-chain.ts'
import { query, readDiskUsage, readWalBytes } from './disk-usage.ts'
import { loadPlan } from './load-plan.ts'
import { startStack } from './start-stack.ts'
import { watchMemory } from './watch-memory.ts'
import { wrongRows } from './wrong-rows.ts'

export interface LoadOptions {
  /** @default 1000000 */
  readonly events?: number
}

/** The processes that are ours, and bound by the goal. */
export const ours = ['indexer', 'event-log', 'projector'] as const

const tables = ['datanet', 'training_run', 'model_version', 'contribution'] as const
const timeoutSeconds = 1200

/**
 * Indexes a chain with a million events of our contracts from its first block to the tables, each
 * part a process of its own, and measures memory, time and disk.
 *
 * @returns `peakRssMb` is the largest resident set that any process of ours ever had
 */
export async function measureLoad(
  report: (line: string) => void,
  { events = 1_000_000 }: LoadOptions = {},
) {
  const load = { before: loadavg()[0] }
  await using chain = await startBurstChain()
  const filled = performance.now()
  let next = 0
  for (const size of loadPlan(events)) {
    await chain.burst(size)
    if (chain.events < next) continue
    next += events / 10
    report(`chain: ${chain.events} events in ${await chain.height()} blocks`)
  }
  const blocks = await chain.height()
  const chainSeconds = secondsSince(filled)
  await using database = await startBenchDatabase()
  const walBefore = await readWalBytes(await database.create())
  await using stack = await startStack({
    ...{ chain, createDatabase: database.create, finality: 10 },
  })
  using memory = watchMemory(() => ({
    ...stack.pids,
    postgres: database.pid,
    anvil: chain.pid,
  }))
  await Promise.race([untilIndexed(stack.databaseUrl, events, report), stack.ended])
  const seconds = secondsSince(stack.started)
  const walMb = (await readWalBytes(stack.databaseUrl)) - walBefore
  await using eventLog = createEventLog({ connectionString: stack.eventLogUrl })
  const last = await eventLog.readLast(chainStream(chain.chainId))
  const logged = Number(last?.revision ?? -1n) + 1
  const rows = await countRows(stack.databaseUrl)
  const wrong = await wrongRows(stack.databaseUrl, chain, sample(events))
  const parts = memory.parts()
  const log = await readDiskUsage(stack.logDatabaseUrl, 'eventlog')
  const readModel = await readDiskUsage(stack.databaseUrl, 'public')
  const total = rows.reduce((sum, [, count]) => sum + count, 0)
  const results = {
    ...{ events, blocks, loggedEvents: logged, rows: Object.fromEntries(rows) },
    ...{ countsEqual: total === events, checkedRows: sample(events).length, wrongRows: wrong },
    ...{ seconds, eventsPerSecond: Math.round(events / seconds), chainSeconds, memoryMb: parts },
    perMillionEvents: {
      log: perMillion(log.totalMb, logged),
      logRows: perMillion(log.rowsMb, logged),
      logIndexes: perMillion(log.indexesMb, logged),
      tables: perMillion(readModel.totalMb, total),
      writeAheadLog: perMillion(walMb / 2 ** 20, events),
      unit: 'MiB',
    },
    disk: { log, readModel },
    loadAverage: { ...load, after: loadavg()[0] },
  }
  const peakRssMb = Math.max(...ours.map((name) => parts[name]?.peakMb ?? 0))
  report(`${events} events in ${seconds} s, peak ${peakRssMb} MB, ${wrong.length} wrong rows`)
  return { results, peakRssMb }
}

async function untilIndexed(
  databaseUrl: string,
  events: number,
  report: (line: string) => void,
): Promise<void> {
  let next = 0.1
  for (const started = performance.now(); ; ) {
    // Contributions are numbered like the events; the table grows in their order.
    const [row] = await query<{ done: string | null }>(
      databaseUrl,
      'SELECT max(id) AS done FROM contribution',
    )
    const done = Number(row?.done ?? 0) / events
    if (done >= next) {
      report(`tables: ${Math.round(done * 100)} % after ${secondsSince(started)} s`)
      next = done + 0.1
    }
    if (done >= 1 && (await countRows(databaseUrl)).reduce((n, [, c]) => n + c, 0) === events)
      return
    if (secondsSince(started) > timeoutSeconds)
      throw new Error(`not indexed in ${timeoutSeconds} s: ${Math.round(done * 100)} %`)
    await sleep(250)
  }
}

const countRows = (databaseUrl: string): Promise<[string, number][]> =>
  Promise.all(
    tables.map(async (table) => {
      const [row] = await query<{ n: string }>(databaseUrl, `SELECT count(*) AS n FROM ${table}`)
      return [table, Number(row?.n)] as [string, number]
    }),
  )

/** The first and the last events, and 200 between them, of every kind. */
function sample(events: number): readonly number[] {
  const step = Math.max(1, Math.floor(events / 200) | 1)
  const between = Array.from({ length: Math.floor(events / step) }, (_, i) => i * step)
  return [...new Set([...between, ...Array.from({ length: 10 }, (_, i) => events - 1 - i)])]
}

const perMillion = (mb: number, events: number) => Math.round((mb / events) * 1e6)
const secondsSince = (started: number) => Math.round(performance.now() - started) / 1000
