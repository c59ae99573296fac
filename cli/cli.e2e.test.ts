import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmbeddedEventLog } from '../eventlog/embedded/create-embedded-event-log.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { type CliProcess, firstJson, runCli, startCli } from '../test/support/run-cli.ts'
import { commandLoaders } from './commands/command-loaders.ts'
import { queryGraphql } from './graphql/query-graphql.ts'

interface Running {
  readonly pid: number
  readonly chainId: number
  readonly rpcUrl: string
  readonly apiUrl: string
  readonly healthUrl: string
}

let dir: string
let up: CliProcess
let running: Running

/** Runs a command of the running stack and parses what it printed. */
async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await runCli([...args, '--dir', dir, '--json'])
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as T
}

async function start(): Promise<void> {
  up = startCli(['up', '--dir', dir, '--json'])
  running = await firstJson<Running>(up)
}

/** Stops `up` and gives the milliseconds that it took. */
async function stop(): Promise<number> {
  const before = performance.now()
  up.child.kill('SIGTERM')
  const code = await up.ended
  expect({ code, stderr: up.stderr() }).toEqual({ code: 0, stderr: '' })
  return performance.now() - before
}

/** Command lines of processes that work in the data folder. */
const processesIn = (folder: string): readonly string[] =>
  execFileSync('ps', ['-e', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))

async function writeRows(name: string, first: number, count: number): Promise<string> {
  const colours = ['red', 'blue', 'green', 'black', 'white', 'grey']
  const rows = Array.from({ length: count }, (_, i) => ({
    question: `Which colour has house ${first + i} of the street?`,
    answer: `${colours[(7 * i) % 6]}`,
  }))
  const path = join(dir, name)
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-cli-'))
  await start()
})

afterAll(async () => {
  up.child.kill('SIGTERM')
  await up.ended
  await rm(dir, { recursive: true, force: true })
})

test('bad usage, bad input and missing services have their own exit codes', async () => {
  const broken = join(dir, 'broken.jsonl')
  await writeFile(broken, Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]))
  const empty = join(dir, 'nothing-runs-here')
  const database = { PROVENANT_DATABASE_URL: 'postgresql://postgres@127.0.0.1:9/postgres' }
  const cases: [string[], Record<string, string>, number, string][] = [
    [['frobnicate'], {}, 2, 'unknown command'],
    [['claim', '--dir', dir], {}, 2, '--account'],
    [['train', '--datanet', '1', '--name', 'No Name!', '--dir', dir], {}, 2, '3 to 32'],
    [['migrate'], {}, 2, 'CONFIG_INVALID'],
    [['migrate'], database, 75, 'DATABASE_UNAVAILABLE'],
    [['status', '--dir', empty], {}, 75, 'STACK_NOT_RUNNING'],
    [['status', '--dir', dir], { PROVENANT_CHAIN_ID: '1' }, 3, 'WRONG_CHAIN_ID'],
    [
      ['indexer'],
      {
        PROVENANT_RPC_URL: running.rpcUrl,
        PROVENANT_CHAIN_ID: '1',
        PROVENANT_EVENTSTORE_URL: 'esdb://127.0.0.1:9?tls=false',
      },
      3,
      'WRONG_CHAIN_ID',
    ],
    [['upload', '--datanet', 'x', '--file', broken, '--dir', dir], {}, 3, 'ROWS_ENCODING_INVALID'],
    [['infer', '--model', 'nobody', 'who?', '--dir', dir], {}, 3, 'UNKNOWN_MODEL'],
    [['train', '--datanet', '9', '--name', 'nine', '--dir', dir], {}, 3, 'DATANET_UNKNOWN'],
    [['audit', '--epoch', '9', '--dir', dir], {}, 3, 'EPOCH_UNKNOWN'],
    [['claim', '--all', '--dir', dir], {}, 4, 'EPOCH_NOT_CLAIMABLE'],
    [['up', '--dir', dir], {}, 4, 'STACK_RUNNING'],
  ]
  for (let i = 0; i < cases.length; i += 4)
    await Promise.all(
      cases.slice(i, i + 4).map(async ([args, environment, code, told]) => {
        const { stderr, ...result } = await runCli(args, environment)
        expect({ args, ...result }).toEqual({ args, code, stdout: '' })
        expect(stderr).toContain(told)
      }),
    )
  const failed = await runCli(['status', '--dir', empty, '--json'])
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'STACK_NOT_RUNNING' } })
})

test('the process of all parts tells how they are', async () => {
  const ask = async (path: string) => {
    const response = await fetch(new URL(path, running.healthUrl))
    return { status: response.status, text: await response.text() }
  }
  expect(await ask('/health')).toMatchObject({ status: 200 })
  await expect.poll(async () => await ask('/ready')).toMatchObject({ status: 200 })
  const { text } = await ask('/metrics')
  expect(text).toContain('provenant_indexer_height')
  expect(text).toContain('provenant_projector_position')
  const { code, stdout } = await runCli(['status', '--health', running.healthUrl])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^up +ready +running/),
  })
  const down = await runCli(['status', '--json', '--health', 'http://127.0.0.1:9/health'])
  expect(down.code).toBe(75)
  expect(JSON.parse(down.stdout)).toMatchObject({ ok: false, processes: [{ ready: false }] })
})

test('every command explains itself and doctor names the devices', async () => {
  const help = await runCli(['--help'])
  for (const name of Object.keys(commandLoaders)) expect(help.stdout).toContain(`  ${name} `)
  const { configuration, devices } = await json<{ configuration: object; devices: object[] }>(
    'doctor',
  )
  expect(configuration).toMatchObject({ dir: { value: dir, why: 'configured' } })
  expect(devices).toContainEqual(expect.objectContaining({ name: 'onnx/cpu', available: true }))
})

test('rows are uploaded, trained on and asked for', async () => {
  const first = await writeRows('first.jsonl', 0, 30)
  const second = await writeRows('second.jsonl', 30, 30)
  expect(await json('upload', '--datanet', 'houses', '--file', first)).toMatchObject({
    ...{ datanetId: '1', contributionId: '1', created: true, accepted: true, rows: 30 },
  })
  expect(
    await json('upload', '--datanet', 'houses', '--file', second, '--key-name', 'bob'),
  ).toMatchObject({ datanetId: '1', contributionId: '2', created: false, accepted: true })
  const name = 'houses-lm'
  expect(await json('train', '--datanet', 'houses', '--name', name, '--epochs', '1')).toMatchObject(
    { modelId: '1', version: 1, rows: 60 },
  )
  for (const house of [3, 31]) {
    const question = `Which colour has house ${house} of the street?`
    const answer = await json<{ fee: string; citations: unknown[] }>(
      'infer',
      '--model',
      name,
      question,
    )
    expect(BigInt(answer.fee)).toBeGreaterThan(0n)
    expect(answer.citations.length).toBeGreaterThan(0)
  }
  expect(await json('status')).toMatchObject({
    ...{ ok: true, parts: { graphql: true, gateway: true, gpu: true } },
    models: [{ name, versions: 1 }],
  })
})

test('an epoch is closed, proposed, activated and claimed, and no step is done twice', async () => {
  const closed = await json<{ root: string; totalEarned: string }>('epoch', 'close')
  expect(closed).toMatchObject({ status: 'closed', epoch: '1', calls: 2 })
  expect(await json('epoch', 'close')).toEqual({ status: 'idle' })
  expect(await json('epoch', 'propose')).toMatchObject({ epoch: '1', root: closed.root })
  expect(await json('epoch', 'propose')).toMatchObject({ epoch: '1', transaction: null })
  const early = await runCli(['epoch', 'activate', '--dir', dir])
  expect(early).toMatchObject({ code: 75, stdout: '' })
  expect(early.stderr).toContain('EPOCH_WINDOW_OPEN')
  expect(await json('epoch', 'activate', '--advance-time')).toMatchObject({ epoch: '1' })
  expect(await json('claim', '--all')).toMatchObject({ epoch: '1', total: closed.totalEarned })
  expect(await json('claim', '--all')).toMatchObject({ epoch: '1', total: '0' })
})

test('audit and replay come to the same result, also from a node alone', async () => {
  const audited = await json<{ root: string }>('audit', '--epoch', '1', '--deep')
  expect(audited).toMatchObject({ ok: true, checked: { calls: 2 }, deep: { ok: true } })
  const alone = await runCli([
    ...['audit', '--rpc', running.rpcUrl, '--artifacts', join(dir, 'artifacts'), '--epoch', '1'],
    ...['--deployment', join(dir, `deployment-${running.chainId}.json`), '--json'],
    ...['--backend', 'reference'],
  ])
  expect(JSON.parse(alone.stdout)).toMatchObject({ ok: true, root: audited.root })
  expect(await json('replay')).toMatchObject({ ok: true, roots: 1, differences: [] })
  const { epochs } = await json<{ epochs: object[] }>('epoch', 'status')
  expect(epochs).toMatchObject([{ id: '1', status: 'active', root: audited.root }])
})

test('an audit names a missing artifact', async () => {
  const { epochs } = await json<{ epochs: { manifestHash: string }[] }>('epoch', 'status')
  const manifest = await findArtifact(epochs[0]?.manifestHash ?? '')
  const { stores } = JSON.parse(await readFile(manifest, 'utf8')) as {
    stores: { checkpoints: { segments: { hash: string }[] }[] }[]
  }
  const segment = await findArtifact(stores[0]?.checkpoints[0]?.segments[0]?.hash ?? '')
  await rename(segment, `${segment}.away`)
  const audit = await runCli(['audit', '--dir', dir, '--json'])
  await rename(`${segment}.away`, segment)
  expect(audit.code).toBe(75)
  expect(JSON.parse(audit.stdout)).toMatchObject({
    ok: false,
    problem: { code: 'ARTIFACT_MISSING' },
  })
})

async function findArtifact(hash: string): Promise<string> {
  const store = join(dir, 'artifacts', 'store')
  const files = await readdir(store, { recursive: true })
  const name = files.find((file) => file.endsWith(hash) || file.endsWith(hash.slice(2)))
  expect(name, `artifact ${hash}`).toBeDefined()
  return join(store, name ?? '')
}

test('indexer, projector and GraphQL run as processes of their own', async () => {
  await using database = await createTestDatabase()
  await using log = await createEmbeddedEventLog({ databaseUrl: database.url })
  const environment = {
    PROVENANT_DATABASE_URL: database.url,
    PROVENANT_EVENTSTORE_URL: log.connectionString,
    PROVENANT_RPC_URL: running.rpcUrl,
    PROVENANT_CHAIN_ID: String(running.chainId),
    PROVENANT_DEPLOYMENT: join(dir, `deployment-${running.chainId}.json`),
  }
  const migrated = await runCli(['migrate', '--json'], environment)
  expect(JSON.parse(migrated.stdout)).toMatchObject({
    ran: expect.arrayContaining([expect.any(String)]),
  })
  const parts = ['indexer', 'projector', 'api'].map((name) =>
    startCli([name, '--json'], environment),
  )
  try {
    const [indexer, , api] = await Promise.all(
      parts.map((part) => firstJson<{ url: string; healthUrl: string }>(part)),
    )
    const query = '{ inferences(first: 5) { nodes { id } } }'
    const count = async () =>
      (await queryGraphql<{ inferences: { nodes: object[] } }>(api?.url ?? '', query)).inferences
        .nodes.length
    while ((await count()) < 2) await sleep(100)
    const health = await fetch(indexer?.healthUrl ?? '')
    expect(await health.json()).toMatchObject({ state: 'running' })
  } finally {
    for (const { child } of parts) child.kill('SIGTERM')
  }
  expect(await Promise.all(parts.map(({ ended }) => ended))).toEqual([0, 0, 0])
})

test('SIGTERM stops everything in mid-work and the next start continues', async () => {
  const asking = runCli([
    ...['infer', '--model', 'houses-lm', 'Which house?', '--key-name', 'late', '--dir', dir],
  ])
  await sleep(1500)
  expect(await stop()).toBeLessThan(5000)
  const answered = (await asking).code === 0 ? 1 : 0
  expect(processesIn(dir)).toEqual([])
  const { chainId } = running
  await start()
  expect(running.chainId).toBe(chainId)
  expect(await json('infer', '--model', 'houses-lm', 'Which colour has house 5?')).toMatchObject({
    ...{ modelVersion: 1, callPosition: '3' },
  })
  const { calls } = await json<{ calls: number }>('epoch', 'close')
  // An answer that was cut off on its way may have been given all the same.
  expect([1 + answered, 2]).toContain(calls)
})

test('what a killed process left running does not keep the next one from starting', async () => {
  const { rpcUrl } = running
  up.child.kill('SIGKILL')
  await up.ended
  expect(processesIn(dir).length).toBeGreaterThan(0)
  await start()
  expect(running.rpcUrl).not.toBe(rpcUrl)
  expect(await json('infer', '--model', 'houses-lm', 'Which colour has house 9?')).toMatchObject({
    callPosition: '4',
  })
  expect(await stop()).toBeLessThan(5000)
  expect(processesIn(dir)).toEqual([])
})
