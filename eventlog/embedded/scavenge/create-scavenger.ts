import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { LogStore } from '../log-store.ts'
import { nextStreams } from './next-streams.ts'
import { removeChunk } from './remove-chunk.ts'
import { reportScavenge, type ScavengeReport } from './report-scavenge.ts'
import { endScavenge, openScavenge, readTotals, type ScavengeRecord } from './scavenge-store.ts'

/** Removes what metadata and tombstones hide, one scavenge at a time. */
export interface Scavenger {
  /** Starts a scavenge or goes on with the last one that did not end. */
  start(): Promise<{ readonly id: string; readonly running: boolean }>
  /** Resolves when it has stopped; `undefined` if no such scavenge runs. */
  stop(id: string): Promise<string | undefined>
  close(): Promise<void>
}

interface Running {
  readonly id: string
  readonly controller: AbortController
  readonly done: Promise<void>
}

export function createScavenger(log: LogStore, databaseUrl: string): Scavenger {
  const { schema } = log
  let running: Running | undefined
  let starting: Promise<Running> | undefined

  const open = async (): Promise<Running> => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'provenant-eventlog-scavenger',
    })
    // Without a listener a lost connection would end the process; queries reject on their own.
    client.on('error', () => {})
    try {
      await client.connect()
      const record = await openScavenge(client, schema, log.writer.tail.head())
      const controller = new AbortController()
      // As in EventStoreDB, every run has an id of its own, also one that goes on with an older one.
      const id = randomUUID()
      const report = reportScavenge(log, id)
      const done = run(log, client, record, report, controller.signal).finally(() => {
        running = undefined
        return client.end().catch(() => {})
      })
      running = { id, controller, done }
      return running
    } catch (cause) {
      await client.end().catch(() => {})
      throw cause
    }
  }

  const halt = async ({ controller, done }: Running) => {
    controller.abort()
    await done
  }

  return {
    async start() {
      if (running !== undefined) return { id: running.id, running: true }
      starting ??= open().finally(() => {
        starting = undefined
      })
      return { id: (await starting).id, running: false }
    },
    async stop(id) {
      const current = running
      if (current === undefined || (id !== current.id && id !== 'current')) return undefined
      await halt(current)
      return current.id
    },
    async close() {
      await starting?.catch(() => {})
      if (running !== undefined) await halt(running)
    },
  }
}

/** Never rejects: what went wrong is in the scavenge's stream, and the next one goes on from there. */
async function run(
  log: LogStore,
  client: pg.Client,
  record: ScavengeRecord,
  report: ScavengeReport,
  signal: AbortSignal,
): Promise<void> {
  const begun = performance.now()
  await report.started()
  try {
    await removeAll(log, client, record, signal)
    const totals = signal.aborted
      ? await readTotals(client, log.schema, record.id)
      : await endScavenge(client, log.schema, record.id)
    const result = signal.aborted ? 'Stopped' : 'Success'
    await report.completed({ result, timeTakenMs: performance.now() - begun, ...totals })
  } catch {
    const totals = { removed: 0, removedBytes: 0 }
    await report.completed({
      result: 'Failed',
      timeTakenMs: performance.now() - begun,
      ...totals,
    })
  }
}

async function removeAll(
  log: LogStore,
  client: pg.Client,
  record: ScavengeRecord,
  signal: AbortSignal,
): Promise<void> {
  let from = record.nextStream
  while (!signal.aborted) {
    const streams = await nextStreams(client, log.schema, from)
    if (streams.length === 0) return
    for (const stream of streams) {
      from = stream.id + 1
      if (log.isKept(stream.name)) continue
      for (let done = false; !done; ) {
        if (signal.aborted) return
        const begun = performance.now()
        const chunk = await removeChunk(client, log.schema, stream, record)
        done = chunk.done
        if (chunk.positions.length === 0) continue
        log.writer.tail.forget(new Set(chunk.positions))
        // Half of the time belongs to those who append and read.
        await sleep(performance.now() - begun, undefined, { signal }).catch(() => {})
      }
    }
  }
}
