import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '../indexer/project/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { type Api, createApi } from './create-api.ts'

let database: TestDatabase
let admin: pg.Client
let api: Api
let nodeHeight: number | undefined

beforeEach(async () => {
  nodeHeight = 120
  database = await createTestDatabase()
  await migrate(database.url)
  admin = new pg.Client({ connectionString: database.url })
  admin.on('error', () => undefined)
  await admin.connect()
  api = await createApi({
    ...{ databaseUrl: database.url, chainId: 7, logger: pino({ level: 'silent' }) },
    readNodeHead: async () =>
      nodeHeight === undefined ? undefined : { number: nodeHeight, timestamp: 0 },
    maxLagBlocks: 10,
  })
})

afterEach(async () => {
  await api.close()
  await admin.end()
  await database.drop()
})

const writeHead = (height: number) =>
  admin.query(
    `INSERT INTO chain_head (chain_id, indexed_height, indexed_hash, finalized_height, finalized_hash)
     VALUES (7, $1, '0x01', $1, '0x01') ON CONFLICT (chain_id) DO UPDATE SET indexed_height = $1`,
    [height],
  )

const ready = async () => {
  const response = await fetch(new URL('/ready', api.url))
  const { missing } = (await response.json()) as { missing: string[] }
  return { status: response.status, missing }
}

const ask = (query: string) =>
  fetch(api.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })

test('it is ready when the tables follow the chain, also while the node is silent', async () => {
  expect(await ready()).toEqual({ status: 503, missing: ['INDEX_EMPTY'] })
  await writeHead(109)
  expect(await ready()).toEqual({ status: 503, missing: ['lag'] })
  await writeHead(110)
  expect(await ready()).toEqual({ status: 200, missing: [] })
  nodeHeight = undefined
  expect(await ready()).toEqual({ status: 200, missing: [] })
})

test('it is not ready with tables of another version or without its database', async () => {
  await writeHead(120)
  await admin.query("UPDATE projections.generation SET level = '0000'")
  expect(await ready()).toEqual({ status: 503, missing: ['SCHEMA_MISMATCH'] })
  await database.drop()
  expect(await ready()).toEqual({ status: 503, missing: ['DATABASE_UNAVAILABLE'] })
  expect((await fetch(new URL('/health', api.url))).status).toBe(200)
})

test('requests are counted by outcome, errors by code', async () => {
  await writeHead(115)
  await ask('{ _meta { indexedBlock } }')
  await ask('{ nothingOfThisName }')
  await admin.query('DELETE FROM chain_head')
  await ask('{ _meta { indexedBlock } }')
  await writeHead(115)
  const text = await (await fetch(new URL('/metrics', api.url))).text()
  for (const line of [
    'provenant_api_requests_total{outcome="ok"} 1',
    'provenant_api_requests_total{outcome="error"} 2',
    'provenant_api_errors_total{code="INDEX_EMPTY"} 1',
    'provenant_api_request_seconds_count 3',
    'provenant_api_requests_in_flight 0',
    'provenant_api_lag_blocks 5',
    'provenant_api_ready 1',
  ])
    expect(text).toContain(line)
  expect(text).toMatch(/provenant_api_errors_total\{code="\w+"\} 1/)
})

test('closing finishes what is being answered, refuses what comes and ends soon', async () => {
  await writeHead(115)
  await admin.query('BEGIN; LOCK TABLE chain_head')
  const running = ask('{ _meta { indexedBlock } }')
  const waiting = () =>
    admin.query(
      `SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database
       WHERE NOT granted AND datname = current_database()`,
    )
  while ((await waiting()).rowCount === 0) await sleep(5)
  const before = performance.now()
  const closing = api.close()
  await expect(ask('{ _meta { indexedBlock } }')).rejects.toThrow('fetch failed')
  await sleep(300)
  await admin.query('COMMIT')
  expect(await (await running).json()).toEqual({ data: { _meta: { indexedBlock: 115 } } })
  await closing
  expect(performance.now() - before).toBeLessThan(5000)
})

test('a request that is still coming in when it closes gets 503', async () => {
  const socket = connect(api.port, '127.0.0.1')
  socket.setEncoding('utf8')
  let received = ''
  socket.on('data', (text: string) => {
    received += text
  })
  await once(socket, 'connect')
  socket.write('GET /graphql HTTP/1.1\r\nhost: x\r\n')
  await sleep(200)
  const closing = api.close()
  await sleep(100)
  socket.write('\r\n')
  await closing
  await sleep(50)
  expect(received).toMatch(/^HTTP\/1\.1 503 [\s\S]*SERVER_CLOSING/)
  socket.destroy()
})
