import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEventLog } from '../client/create-event-log.ts'
import type { EventLog, NewEvent, RecordedEvent } from '../client/event-log.ts'
import { createEmbeddedEventLog } from './create-embedded-event-log.ts'

const script = fileURLToPath(new URL('./serve-process.fixture.ts', import.meta.url))

let database: TestDatabase
let child: ChildProcess | undefined
let log: EventLog | undefined

beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await log?.close()
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await database.drop()
})

async function startProcess(port = 0): Promise<number> {
  const args = ['--import', 'tsx', script, database.url, String(port)]
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout!, 'data')
  return Number(String(line))
}

async function kill(): Promise<void> {
  child!.kill('SIGKILL')
  await once(child!, 'exit')
}

/** The machine that runs the tests may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 2 })

const connect = (port: number, deadlineMs = 10_000) => {
  log = createEventLog({ connectionString: `esdb://127.0.0.1:${port}?tls=false`, deadlineMs })
  return log
}

const events = (from: number, count: number): NewEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    type: 'Numbered',
    data: { n: from + i },
  }))

/** Repeats an append of unknown outcome with the same ids and expectation until it is answered. */
async function appendUntilAnswered(
  to: EventLog,
  stream: string,
  batch: NewEvent[],
  expectedRevision: bigint | 'none',
): Promise<bigint> {
  for (;;) {
    try {
      return (await to.append(stream, batch, { expectedRevision })).revision
    } catch (error) {
      const { code } = error as { code: string }
      if (code !== 'EVENT_LOG_UNAVAILABLE' && code !== 'EVENT_LOG_TIMEOUT') throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

it('loses no acknowledged event and writes none twice when it is killed while appending', async () => {
  const port = await startProcess()
  const client = connect(port, 2_000)
  const followed: RecordedEvent[] = []
  let interruptions = 0
  const subscription = client.subscribe({
    source: { stream: 's' },
    onEvents: (batch) => void followed.push(...batch),
    onInterrupted: () => void interruptions++,
  })

  const batches = 80
  const writing = (async () => {
    let expected: bigint | 'none' = 'none'
    for (let b = 0; b < batches; b++) {
      expected = await appendUntilAnswered(client, 's', events(b * 10, 10), expected)
      expect(expected).toBe(BigInt(b * 10 + 9))
    }
  })()
  const killing = (async () => {
    for (const reached of [150, 450]) {
      await eventually(() => followed.length).toBeGreaterThan(reached)
      await kill()
      await startProcess(port)
    }
  })()
  await Promise.all([writing, killing])

  const whole = Array.from({ length: batches * 10 }, (_, n) => n)
  const read: unknown[] = []
  for await (const { data } of client.read('s')) read.push(data['n'])
  expect(read).toEqual(whole)
  await eventually(() => followed.length).toBe(whole.length)
  expect(followed.map(({ data }) => data['n'])).toEqual(whole)
  expect(interruptions).toBeGreaterThanOrEqual(2)
  await subscription.close()
}, 180_000)

it('says that the outcome is unknown while the server hangs, and repeats without a duplicate', async () => {
  const port = await startProcess()
  const client = connect(port, 300)
  await appendUntilAnswered(client, 's', events(0, 1), 'none')

  child!.kill('SIGSTOP')
  const batch = events(1, 2)
  const hung = client.append('s', batch, { expectedRevision: 0n })
  const readHung = client.readLast('s')
  await expect(hung).rejects.toMatchObject({ code: 'EVENT_LOG_TIMEOUT' })
  await expect(readHung).rejects.toMatchObject({ code: 'EVENT_LOG_TIMEOUT' })
  child!.kill('SIGCONT')

  expect(await appendUntilAnswered(client, 's', batch, 0n)).toBe(2n)
  const patient = createEventLog({ connectionString: `esdb://127.0.0.1:${port}?tls=false` })
  expect(await patient.readLast('s')).toMatchObject({ revision: 2n, data: { n: 2 } })
  await patient.close()
}, 120_000)

it('names a server that is not there', async () => {
  const port = await startProcess()
  await kill()
  const client = connect(port)
  const append = client.append('s', events(0, 1), { expectedRevision: 'none' })
  await expect(append).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' })
  await expect(client.readLast('s')).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' })
})

it('continues revisions and positions after it was closed and opened on the same port', async () => {
  const first = await createEmbeddedEventLog({ databaseUrl: database.url })
  const client = connect(first.port)
  const got: RecordedEvent[] = []
  const subscription = client.subscribe({
    source: 'all',
    onEvents: (batch) => void got.push(...batch),
  })
  await client.append('s', events(0, 2), { expectedRevision: 'none' })
  await eventually(() => got.length).toBe(2)
  await first.close()

  await using _ = await createEmbeddedEventLog({ databaseUrl: database.url, port: first.port })
  expect(await appendUntilAnswered(client, 's', events(2, 2), 1n)).toBe(3n)
  await eventually(() => got.map(({ position }) => position)).toEqual([1n, 2n, 3n, 4n])
  await subscription.close()
})

it('lets only one server write to a schema', async () => {
  await using _ = await createEmbeddedEventLog({ databaseUrl: database.url })
  const second = createEmbeddedEventLog({ databaseUrl: database.url, lockTimeoutMs: 200 })
  await expect(second).rejects.toMatchObject({
    code: 'EVENT_LOG_LOCKED',
  })
  await using __ = await createEmbeddedEventLog({ databaseUrl: database.url, schema: 'second' })
})

it('goes on when its database connections are cut', async () => {
  await using server = await createEmbeddedEventLog({ databaseUrl: database.url })
  const client = connect(server.port)
  await client.append('s', events(0, 2), { expectedRevision: 'none' })
  const { default: pg } = await import('pg')
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await admin.end()
  expect(await appendUntilAnswered(client, 's', events(2, 1), 1n)).toBe(2n)
  expect(await client.readLast('s')).toMatchObject({ revision: 2n })
})
