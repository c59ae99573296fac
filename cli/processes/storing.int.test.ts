import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyCalls, tinyUploads } from '../../engine/testing/tiny-uploads.fixture.ts'
import { accountOf, chainId, tinyWorld } from '../../engine/testing/tiny-world.fixture.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import { startTestChain } from '../../test/support/chain.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { startProcess } from '../../test/support/lasting-process.ts'
import { readClosedEpochs } from '../epochs/read-closed-epochs.ts'
import { queryGraphql } from '../graphql/query-graphql.ts'
import { findFreePort } from '../services/find-free-port.ts'

const password = 'pass-word-of-the-database'

/** Starting a process takes seconds, and many times that on a busy machine. */
const patienceMs = 240_000

let database: TestDatabase
let databaseUrl: string

beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  url.password = password
  databaseUrl = url.href
})

afterAll(() => database?.drop())

const eventlogSettings = async () => ({
  PROVENANT_DATABASE_URL: databaseUrl,
  PROVENANT_EVENTLOG_PORT: String(await findFreePort()),
})

test(
  'an event log that is stopped in mid-append keeps what it acknowledged',
  async () => {
    const settings = await eventlogSettings()
    const first = await startProcess(['eventlog'], settings)
    expect(await first.get('/health')).toMatchObject({ status: 200 })
    expect(await first.get('/ready')).toMatchObject({ status: 200 })
    await using client = createEventLog({ connectionString: first.printed.url })
    let acknowledged = -1n
    let stopping = false
    const appending = (async () => {
      for (let n = 0; !stopping; n += 1) {
        const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
        const event = { id, type: 'Counted', data: { n } }
        const expectedRevision = n === 0 ? 'none' : BigInt(n - 1)
        try {
          acknowledged = (await client.append('counted', [event], { expectedRevision })).revision
        } catch {
          return
        }
      }
    })()
    while (acknowledged < 20n) await sleep(10)
    expect((await first.get('/metrics')).text).toMatch(/provenant_eventlog_position [1-9]/)
    const stopped = await first.stop('SIGTERM')
    stopping = true
    await appending
    expect(stopped).toMatchObject({ code: 0 })
    expect(stopped.ms).toBeLessThan(5000)
    expect(first.log().at(-1)).toMatchObject({ process: 'eventlog', reason: 'SIGTERM' })
    expect(first.output()).not.toContain(password)

    const second = await startProcess(['eventlog'], settings)
    await using reader = createEventLog({ connectionString: second.printed.url })
    const counted: unknown[] = []
    for await (const { data } of reader.read('counted')) counted.push(data['n'])
    expect(counted).toEqual(counted.map((_, n) => n))
    expect(BigInt(counted.length)).toBeGreaterThan(acknowledged)
    expect(await second.stop('SIGINT')).toMatchObject({ code: 0 })
  },
  patienceMs,
)

test(
  'an engine that is stopped while it computes closes the epoch after the next start',
  async () => {
    const log = await startProcess(['eventlog'], await eventlogSettings())
    await using eventLog = createEventLog({ connectionString: log.printed.url })
    await using world = await tinyWorld(tinyUploads, eventLog)
    await world.recordCalls(tinyCalls())
    await symlink(join(world.dir, 'artifacts'), join(world.dir, 'store'))
    const deployment = join(world.dir, 'deployment.json')
    await writeFile(deployment, JSON.stringify(anyDeployment()))
    const operatorKey = `0x${'07'.repeat(32)}`
    const settings = {
      PROVENANT_EVENTSTORE_URL: log.printed.url,
      PROVENANT_CHAIN_ID: String(chainId),
      PROVENANT_DEPLOYMENT: deployment,
      PROVENANT_ARTIFACTS: world.dir,
      PROVENANT_OPERATOR_KEY: operatorKey,
      PROVENANT_PLATFORM_ACCOUNT: accountOf('platform'),
      PROVENANT_STAKERS_ACCOUNT: accountOf('stakers'),
      PROVENANT_WORKERS: '1',
      PROVENANT_DIR: world.dir,
    }
    const args = ['engine', '--model', world.baseModelDir, '--poll', '1']
    const first = await startProcess(args, settings)
    expect(await first.get('/health')).toMatchObject({ status: 200 })
    expect((await first.get('/metrics')).text).toContain('provenant_engine_open_calls')
    // Taking the first gradients starts a thread and so lasts long enough to be seen.
    while (!(await first.get('/health')).text.includes('"state":"indexing"')) await sleep(5)
    const stopped = await first.stop('SIGTERM')
    expect(stopped).toMatchObject({ code: 0 })
    expect(stopped.ms).toBeLessThan(5000)
    expect(first.log().at(-1)).toMatchObject({ process: 'engine', reason: 'SIGTERM' })
    expect(await readClosedEpochs(eventLog, chainId)).toEqual([])

    const second = await startProcess(args, settings)
    while ((await readClosedEpochs(eventLog, chainId)).length === 0) await sleep(50)
    expect(await second.get('/ready')).toMatchObject({ status: 200 })
    await expect
      .poll(async () => (await second.get('/metrics')).text)
      .toContain(`provenant_engine_calls_attributed_total{chain="${chainId}"} 8`)
    expect(await second.stop('SIGINT')).toMatchObject({ code: 0 })
    expect(await readClosedEpochs(eventLog, chainId)).toMatchObject([{ epoch: '1', calls: 8 }])
    expect(first.output() + second.output()).not.toContain(operatorKey.slice(2))
    expect(await log.stop('SIGTERM')).toMatchObject({ code: 0 })
  },
  patienceMs,
)

const anyDeployment = () => {
  const names = ['token', 'datanets', 'models', 'escrow', 'ledger', 'rewards', 'access', 'staking']
  const others = ['disputes', 'faults', 'votes', 'governor', 'timelock', 'proposals']
  const addresses = [...names, ...others].map((name) => [name, accountOf(name)])
  return { chainId, blockNumber: 0, addresses: Object.fromEntries(addresses) }
}

test(
  'GraphQL finishes what it is answering before it ends',
  async () => {
    await using tables = await createTestDatabase()
    await migrate(tables.url)
    await using chain = await startTestChain()
    const dir = await mkdtemp(join(tmpdir(), 'provenant-api-'))
    const deployment = join(dir, 'deployment.json')
    await writeFile(deployment, JSON.stringify({ ...anyDeployment(), chainId: chain.chainId }))
    const url = new URL(tables.url)
    url.password = password
    const settings = {
      PROVENANT_DATABASE_URL: url.href,
      PROVENANT_RPC_URL: chain.url,
      PROVENANT_DEPLOYMENT: deployment,
    }
    const admin = new pg.Client({ connectionString: tables.url })
    await admin.connect()
    const first = await startProcess(['api'], settings)
    expect(await first.get('/health')).toMatchObject({ status: 200 })
    expect(await first.get('/ready')).toMatchObject({ status: 503 })
    await admin.query(
      `INSERT INTO chain_head (chain_id, indexed_height, indexed_hash, finalized_height, finalized_hash)
     VALUES ($1, 0, '0x01', 0, '0x01')`,
      [chain.chainId],
    )
    expect(await first.get('/ready')).toMatchObject({ status: 200 })
    expect((await first.get('/metrics')).text).toContain('provenant_api_ready 1')
    await admin.query('BEGIN; LOCK TABLE chain_head')
    const running = queryGraphql(first.printed.url, '{ _meta { indexedBlock } }')
    // The request waits for the lock.
    const waiting = () =>
      admin.query(
        `SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database
       WHERE NOT granted AND datname = current_database()`,
      )
    while ((await waiting()).rowCount === 0) await sleep(5)
    const stopping = first.stop('SIGTERM')
    await sleep(300)
    await admin.query('COMMIT')
    expect(await running).toEqual({ _meta: { indexedBlock: 0 } })
    const stopped = await stopping
    expect(stopped).toMatchObject({ code: 0 })
    expect(stopped.ms).toBeLessThan(5000)
    expect(first.log().at(-1)).toMatchObject({ process: 'api', reason: 'SIGTERM' })

    const second = await startProcess(['api'], settings)
    expect(await queryGraphql(second.printed.url, '{ _meta { indexedBlock } }')).toEqual({
      _meta: { indexedBlock: 0 },
    })
    expect(await second.stop('SIGINT')).toMatchObject({ code: 0 })
    expect(first.output() + second.output()).not.toContain(password)
    await admin.end()
    await rm(dir, { recursive: true })
  },
  patienceMs,
)
