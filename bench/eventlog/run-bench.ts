import { EventStoreDBClient } from '@eventstore/db-client'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { NewEvent } from '../../eventlog/client/event-log.ts'
import { atLeast, type BenchOutcome } from '../bench-result.ts'
import { type AppendRate, measureAppends } from './measure-appends.ts'
import { measureGroup } from './measure-group.ts'
import { measureCopy, measureFdatasync } from './measure-limits.ts'
import { measureCatchUp, measureReadAll, measureReadStream } from './measure-reads.ts'
import { recordedEvents } from './recorded-event.ts'
import { startLog } from './start-log.ts'

/** Events of one measurement per size of an append. */
const amounts = { 1: 3_000, 100: 60_000, 500: 100_000 } as const

/**
 * Measures appends, reads, catch-up and competing consumers of the embedded event log through its
 * clients, beside what disk and PostgreSQL would do alone in the same run.
 *
 * The goals are what a prototype that kept everything in memory and one file reached.
 */
export async function runBench(report: (line: string) => void): Promise<BenchOutcome> {
  await using server = await startLog()
  const { connectionString, databaseUrl, dir } = server
  const client = EventStoreDBClient.connectionString(connectionString)
  await using log = createEventLog({ connectionString, deadlineMs: 60_000 })
  try {
    report('limits of disk and database')
    const fdatasyncPerSecond = measureFdatasync(dir, 1_000)
    const copyPerSecond = { 100: 0, 500: 0 }
    for (const size of [100, 500] as const) {
      copyPerSecond[size] = await measureCopy(databaseUrl, amounts[size], size)
    }
    await measureAppends(log, cut(recordedEvents(9_000_000, 20_000), 500), 1, 'warm-up')

    const appends: AppendRate[] = []
    let made = 0
    for (const size of [1, 100, 500] as const) {
      for (const streams of [1, 8]) {
        report(`appends of ${size} to ${streams} streams`)
        const batches = cut(recordedEvents(made, amounts[size]), size)
        made += amounts[size]
        appends.push(await measureAppends(log, batches, streams))
      }
    }
    const rate = (size: number, streams: number) =>
      appends.find((one) => one.size === size && one.streams === streams)!.eventsPerSecond

    report('reads')
    const stream = 'chain-reads'
    let expectedRevision: bigint | 'none' = 'none'
    for (const batch of cut(recordedEvents(made, 50_000), 500)) {
      expectedRevision = (await log.append(stream, batch, { expectedRevision })).revision
    }
    const readStream = await measureReadStream(log, stream)
    const readAll = await measureReadAll(client)
    const catchUp = await measureCatchUp(log, { source: 'all' })
    const filtered = await measureCatchUp(log, {
      source: 'all',
      filter: { by: 'stream', prefixes: [stream] },
    })
    report('competing consumers')
    const group1 = await measureGroup(client, stream, 50_000, 1)
    const group4 = await measureGroup(client, stream, 50_000, 4)

    return {
      results: {
        eventBytes: JSON.stringify(recordedEvents(1, 1)[0]).length,
        limits: { fdatasyncPerSecond, copyPerSecond },
        appends,
        readStreamPerSecond: readStream,
        readAllPerSecond: readAll,
        catchUp,
        filtered,
        groupPerSecond: { oneConsumer: group1, fourConsumers: group4 },
      },
      goals: [
        atLeast('append-1-events-per-second', 1_500, rate(1, 1), 'events/s'),
        atLeast('append-1-vs-fdatasync-rate', 0.4, rate(1, 1) / fdatasyncPerSecond, 'x'),
        atLeast('append-1-by-8-vs-append-1', 2.5, rate(1, 8) / rate(1, 1), 'x'),
        atLeast('append-100-events-per-second', 56_000, rate(100, 1), 'events/s'),
        atLeast('append-500-events-per-second', 57_000, rate(500, 1), 'events/s'),
        atLeast('append-500-vs-copy', 0.5, rate(500, 1) / copyPerSecond[500], 'x'),
        atLeast('read-stream-per-second', 39_000, readStream, 'events/s'),
        atLeast('read-all-per-second', 39_000, readAll, 'events/s'),
        atLeast('catch-up-per-second', 43_000, catchUp.perSecond, 'events/s'),
        atLeast('filtered-catch-up-per-second', 43_000, filtered.perSecond, 'events/s'),
        atLeast('group-of-1-per-second', 20_000, group1, 'events/s'),
        atLeast('group-of-4-per-second', 20_000, group4, 'events/s'),
      ],
    }
  } finally {
    await client.dispose()
  }
}

const cut = (events: readonly NewEvent[], size: number): NewEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, i) =>
    events.slice(i * size, (i + 1) * size),
  )
