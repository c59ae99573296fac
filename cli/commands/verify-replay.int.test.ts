import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProjector } from '../../indexer/project/create-projector.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { runCli } from '../../test/support/run-cli.ts'

/** Starting a process takes seconds, and many times that on a busy machine. */
const patienceMs = 240_000

let lab: ChainLab
let tables: TestDatabase
let admin: pg.Client
let dir: string
let settings: Record<string, string>

beforeAll(async () => {
  lab = await startChainLab()
  tables = await createTestDatabase()
  await migrate(tables.url)
  admin = new pg.Client({ connectionString: tables.url })
  await admin.connect()
  dir = await mkdtemp(join(tmpdir(), 'provenant-verify-'))
  const deployment = join(dir, 'deployment.json')
  await writeFile(deployment, JSON.stringify(lab.deployment))
  settings = {
    PROVENANT_RPC_URL: lab.rpcUrl,
    PROVENANT_EVENTSTORE_URL: lab.eventLogUrl,
    PROVENANT_DATABASE_URL: tables.url,
    PROVENANT_DEPLOYMENT: deployment,
    PROVENANT_ARTIFACTS: dir,
  }
  for (let block = 0; block < 12; block++) await lab.mine(2)
  await index()
})

afterAll(async () => {
  await admin?.end()
  await lab?.[Symbol.asyncDispose]()
  await tables?.drop()
  await rm(dir, { recursive: true, force: true })
})

/** Brings everything mined so far into log and tables. */
async function index(): Promise<void> {
  await using indexer = lab.indexer()
  await using projector = createProjector({
    ...{ databaseUrl: tables.url, eventLog: lab.eventLog, chainId: lab.chainId },
  })
  const running = Promise.all([indexer.run(), projector.run()])
  await lab.mine(0)
  await indexer.indexed(await lab.height())
  const last = await lab.eventLog.readLast(chainStream(lab.chainId))
  await projector.waitFor({ stream: chainStream(lab.chainId), revision: last?.revision ?? 0n })
  await Promise.all([indexer.close(), projector.close()])
  await running
}

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCli([...args, '--json'], settings)
  return { code, stderr, told: JSON.parse(stdout) }
}

test(
  'chain, log and tables agree, and both replays come out the same',
  async () => {
    expect(await json('verify')).toMatchObject({
      ...{ code: 0, told: { ok: true, chainId: lab.chainId, first: null, count: 0 } },
    })
    const fromLog = await json('replay', '--from', 'log')
    expect(fromLog).toMatchObject({ code: 0, told: { from: 'log', ok: true, first: null } })
    expect(fromLog.told.rows).toBeGreaterThan(20)
    expect(fromLog.stderr).toContain('log into tables')
    const fromChain = await json('replay', '--from', 'chain')
    expect(fromChain).toMatchObject({ code: 0, told: { from: 'chain', ok: true, differences: [] } })
    expect(fromChain.told.facts).toBeGreaterThan(20)
    expect(fromChain.stderr).toContain('chain into log')
    const left = await admin.query(
      "SELECT 1 FROM pg_database WHERE datname LIKE 'provenant_replay_%'",
    )
    expect(left.rows).toEqual([])
  },
  patienceMs,
)

test(
  'a changed row is named in a sentence, found by a replay, and repaired',
  async () => {
    await admin.query("UPDATE datanet SET uri = 'changed' WHERE id = 3")
    const told = await runCli(['verify'], settings)
    expect(told.code).toBe(5)
    expect(told.stdout).toMatch(
      /1 differences, the first in\n {2}block \d+ \(0x\w{8}…\) datanet 3: the row says something else than the event log\n/,
    )
    expect(told.stdout).toContain('--repair')
    expect(await json('replay', '--from', 'log')).toMatchObject({
      code: 5,
      told: { ok: false, first: expect.stringMatching(/^datanet: /) },
    })
    expect(await json('verify', '--repair')).toMatchObject({
      ...{ code: 5, told: { ok: false, repaired: { blocks: 0, rows: true } } },
    })
  },
  patienceMs,
)

test(
  'an event that the chain does not know is the only difference after the repair',
  async () => {
    const first = (await lab.events()).find(({ type }) => type === 'DatanetCreated')
    const invented = {
      ...{ id: '00000000-0000-4000-8000-00000000abcd', type: 'DatanetCreated' },
      ...{ data: { ...first?.data, datanetId: '999' }, metadata: { ...first?.metadata } },
    }
    const end = await lab.eventLog.readLast(chainStream(lab.chainId))
    const { metadata = {} } = end ?? {}
    await lab.eventLog.append(
      chainStream(lab.chainId),
      [{ ...invented, metadata: { ...invented.metadata, head: metadata['head'] } }],
      { expectedRevision: end?.revision ?? 'none' },
    )
    const id = invented.id
    expect(await json('verify')).toMatchObject({
      ...{ code: 5, told: { first: { between: 'chain and log', kind: 'extra', id }, count: 1 } },
    })
    expect(await json('replay', '--from', 'chain')).toMatchObject({
      code: 5,
      told: { first: expect.stringContaining(`${id}: the event log has what the chain has not`) },
    })
  },
  patienceMs,
)
