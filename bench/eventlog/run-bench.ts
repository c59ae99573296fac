import { EventStoreDBClient } from '@eventstore/db-client'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { NewEvent } from '../../eventlog/client/event-log.ts'
import { atLeast, type BenchOutcome } from '../bench-result.ts'
import { type AppendRate, measureAppends } from './measure-appends.ts'
import { measureFanOut, measureIdleGroups } from './measure-fan-out.ts'
import { measureCopy, measureFdatasync } from './measure-limits.ts'
import { measureCatchUp, measureReadAll, measureReadStream } from './measure-reads.ts'
import { recordedEvents } from './recorded-event.ts'
import { smallEvents } from './small-event.ts'
import { startLog } from './start-log.ts'

/** Events of one measurement per size of an append. */
const amounts = { 1: 2_000, 100: 40_000, 500: 60_000 } as const
const sizes = [1, 100, 500] as const
const kinds = { recorded: recordedEvents, small: smallEvents } as const
type Kind = keyof typeof kinds

interface KindAppendRate extends AppendRate {
  readonly kind: Kind
}

/**
 * Measures appends, reads, catch-up and competing consumers of the embedded event log through its
 * clients, beside what disk and PostgreSQL would do alone in the same run.
 *
 * Small events are those that a prototype was measured with, which kept everything in memory and one
 * file: its figures are their goals. Recorded calls of some 730 bytes are what a log is full of.
 */
export async function runBench(report: (line: string) => void): Promise<BenchOutcome> {
  await using server = await startLog()
  const { connectionString, databaseUrl, dir, pid } = server
  const client = EventStoreDBClient.connectionString(connectionString)
  await using log = createEventLog({ connectionString, deadlineMs: 60_000 })
  try {
    report('limits of disk and database')
    const fdatasyncPerSecond = measureFdatasync(dir, 1_000)
    const copyPerSecond = {
      100: await measureCopy(databaseUrl, amounts[100], 100),
      500: await measureCopy(databaseUrl, amounts[500], 500),
    }
    await measureAppends(log, cut(recordedEvents(9_000_000, 20_000), 500), 1)

    const appends: KindAppendRate[] = []
    for (const kind of ['small', 'recorded'] as const) {
      for (const size of sizes) {
        for (const streams of [1, 8]) {
          report(`appends of ${size} ${kind} events to ${streams} streams`)
          const batches = cut(kinds[kind](0, amounts[size]), size)
          appends.push({ kind, ...(await measureAppends(log, batches, streams)) })
        }
      }
    }
    const rate = (kind: Kind, size: number, streams: number) =>
      appends.find((one) => one.kind === kind && one.size === size && one.streams === streams)!
        .eventsPerSecond

    const reads: Record<Kind, Awaited<ReturnType<typeof measureReads>>> = {
      small: await measureReads(log, 'chain-small', smallEvents(0, 40_000), report),
      recorded: await measureReads(log, 'chain-recorded', recordedEvents(0, 40_000), report),
    }
    report('the whole log')
    const readAllPerSecond = await measureReadAll(client)
    const catchUpAll = await measureCatchUp(log, { source: 'all' })
    const filter = { by: 'stream', prefixes: ['chain-recorded'] } as const
    const filtered = await measureCatchUp(log, { source: 'all', filter })
    // The server looks at the whole log for the few events that match.
    const filteredScannedPerSecond = catchUpAll.received / filtered.seconds

    report('competing consumers')
    const source = { stream: 'chain-recorded', events: 40_000 }
    const fanOut = [
      await measureFanOut(client, pid, source, 1, 1),
      await measureFanOut(client, pid, source, 1, 4),
      await measureFanOut(client, pid, source, 4, 1),
    ]
    const idleGroupKib = await measureIdleGroups(client, pid, 'chain-recorded')

    return {
      results: {
        recordedEventBytes: JSON.stringify(recordedEvents(1, 1)[0]).length,
        limits: { fdatasyncPerSecond, copyPerSecond },
        appends,
        reads,
        readAllPerSecond,
        catchUpAll,
        filtered: { ...filtered, scannedPerSecond: filteredScannedPerSecond },
        fanOut,
        idleGroupKib,
      },
      goals: [
        atLeast('append-1-events-per-second', 1_500, rate('small', 1, 1), 'events/s'),
        atLeast('append-100-events-per-second', 56_000, rate('small', 100, 1), 'events/s'),
        atLeast('append-500-events-per-second', 57_000, rate('small', 500, 1), 'events/s'),
        atLeast('append-1-vs-fdatasync-rate', 0.5, rate('small', 1, 1) / fdatasyncPerSecond, 'x'),
        atLeast('append-1-by-8-vs-append-1', 2.5, rate('small', 1, 8) / rate('small', 1, 1), 'x'),
        atLeast('recorded-append-500-by-8', 40_000, rate('recorded', 500, 8), 'events/s'),
        atLeast(
          'recorded-append-500-vs-copy',
          0.5,
          rate('recorded', 500, 8) / copyPerSecond[500],
          'x',
        ),
        atLeast('read-stream-per-second', 39_000, reads.small.readStreamPerSecond, 'events/s'),
        atLeast('catch-up-per-second', 43_000, reads.small.catchUpPerSecond, 'events/s'),
        atLeast('filtered-scan-per-second', 43_000, filteredScannedPerSecond, 'events/s'),
        atLeast(
          'recorded-catch-up-per-second',
          30_000,
          reads.recorded.catchUpPerSecond,
          'events/s',
        ),
        atLeast('read-all-per-second', 30_000, readAllPerSecond, 'events/s'),
        atLeast('group-of-1-per-second', 15_000, fanOut[0]!.deliveriesPerSecond, 'events/s'),
        atLeast('group-of-4-per-second', 15_000, fanOut[1]!.deliveriesPerSecond, 'events/s'),
      ],
    }
  } finally {
    await client.dispose()
  }
}

async function measureReads(
  log: Parameters<typeof measureReadStream>[0],
  stream: string,
  events: readonly NewEvent[],
  report: (line: string) => void,
) {
  report(`reads of ${stream}`)
  let expectedRevision: bigint | 'none' = 'none'
  for (const batch of cut(events, 500)) {
    expectedRevision = (await log.append(stream, batch, { expectedRevision })).revision
  }
  return {
    readStreamPerSecond: await measureReadStream(log, stream),
    catchUpPerSecond: (await measureCatchUp(log, { source: { stream } })).perSecond,
  }
}

const cut = (events: readonly NewEvent[], size: number): NewEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, i) =>
    events.slice(i * size, (i + 1) * size),
  )
