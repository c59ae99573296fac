import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../indexer/project/migrate.ts'
import { verifyTables } from '../../indexer/verify/verify-tables.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { type FaultyRpc, startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import { startProcess } from '../../test/support/lasting-process.ts'

/** Starting a process takes seconds, and many times that on a busy machine. */
const patienceMs = 240_000
const waiting = { timeout: 60_000, interval: 50 }

let labs: readonly ChainLab[]
let tables: readonly TestDatabase[]
let proxy: FaultyRpc
let dir: string
let settings: Readonly<Record<string, string>>

/** Two chains on one log; the node of the first one is slow and answers for twelve blocks at most. */
beforeAll(async () => {
  const first = await startChainLab()
  labs = [first, await startChainLab({ logOf: first })]
  tables = [await createTestDatabase(), await createTestDatabase()]
  for (const { url } of tables) await migrate(url)
  for (let i = 0; i < 20; i++) {
    await first.mine(20)
    await first.rpc('anvil_mine', ['0xa'])
  }
  for (let i = 0; i < 10; i++) await labs[1]?.mine(2)
  proxy = await startFaultyRpc({ target: first.rpcUrl, seed: 1 })
  dir = await mkdtemp(join(tmpdir(), 'provenant-following-'))
  const chains = await Promise.all(
    labs.map(async ({ chainId, rpcUrl, deployment }, i) => {
      await writeFile(join(dir, `${chainId}.json`), JSON.stringify(deployment))
      return {
        ...{ chainId, deployment: `${chainId}.json`, finality: 5 },
        rpcUrl: i === 0 ? proxy.url : rpcUrl,
        databaseUrl: tables[i]?.url,
      }
    }),
  )
  await writeFile(join(dir, 'chains.json'), JSON.stringify({ chains }))
  settings = {
    PROVENANT_CHAINS: join(dir, 'chains.json'),
    PROVENANT_EVENTSTORE_URL: first.eventLogUrl,
  }
}, patienceMs)

afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]()
  for (const lab of [...labs].reverse()) await lab[Symbol.asyncDispose]()
  for (const database of tables) await database.drop()
  await rm(dir, { recursive: true, force: true })
})

const clean = { missing: [], extra: [], duplicates: [], reverts: 0 }
const revision = async (lab: ChainLab) =>
  (await lab.eventLog.readLast(chainStream(lab.chainId)))?.revision ?? -1n

const start = (name: 'indexer' | 'projector') => startProcess([name], settings)
const ready = async (process: Awaited<ReturnType<typeof start>>) => {
  await expect.poll(async () => (await process.get('/ready')).status, waiting).toBe(200)
}

async function expectStopped(process: Awaited<ReturnType<typeof start>>): Promise<void> {
  const stopped = await process.stop('SIGTERM')
  expect(stopped.code).toBe(0)
  expect(stopped.ms).toBeLessThan(5000)
  expect(process.log().at(-1)).toMatchObject({ msg: 'stopped', reason: 'SIGTERM' })
}

test(
  'an indexer of two chains that is stopped in the backfill and at the head loses and doubles nothing',
  async () => {
    const [one, two] = labs as [ChainLab, ChainLab]
    proxy.set({ latencyMs: 150, rangeLimit: 12 })
    const first = await start('indexer')
    await expect.poll(() => revision(one), waiting).toBeGreaterThan(-1n)
    expect((await first.get('/ready')).status).toBe(503)
    await expectStopped(first)
    expect((await one.compare()).missing.length).toBeGreaterThan(0)

    proxy.set({})
    const second = await start('indexer')
    for (const lab of labs) {
      await lab.mine(1)
      await expect.poll(() => lab.compare(), waiting).toMatchObject(clean)
    }
    await ready(second)
    const { text } = await second.get('/metrics')
    for (const { chainId } of labs) {
      expect(text).toContain(`provenant_indexer_following{chain="${chainId}"} 1\n`)
      expect(text).toMatch(new RegExp(`provenant_indexer_append_seconds_count{chain="${chainId}"}`))
    }
    await expectStopped(second)
    await Promise.all([one.mine(3), two.mine(3)])

    const third = await start('indexer')
    for (const lab of labs) {
      await lab.mine(1)
      await expect.poll(() => lab.compare(), waiting).toMatchObject(clean)
    }
    const said = (msg: string) => third.log().filter((line) => line['msg'] === msg).length
    process.kill(third.pid, 'SIGHUP')
    await expect.poll(() => said('deployment read again'), waiting).toBe(2)
    await writeFile(join(dir, `${one.chainId}.json`), '{')
    process.kill(third.pid, 'SIGHUP')
    await expect.poll(() => said('deployment kept as it was'), waiting).toBe(1)
    await one.mine(1)
    await expect.poll(() => one.compare(), waiting).toMatchObject(clean)
    await expectStopped(third)
  },
  patienceMs,
)

test(
  'a projector of two chains that is stopped amid its work and at the end is right afterwards',
  async () => {
    const verify = async () => {
      const verdicts = []
      for (const [i, { chainId, eventLog }] of labs.entries())
        verdicts.push(await verifyTables({ databaseUrl: tables[i]?.url ?? '', eventLog, chainId }))
      return verdicts
    }
    const first = await start('projector')
    await expectStopped(first)
    for (const verdict of await verify())
      expect(verdict).toMatchObject({ differences: [], folded: [] })

    const second = await start('projector')
    await ready(second)
    const { text } = await second.get('/metrics')
    for (const { chainId } of labs)
      expect(text).toContain(
        `provenant_projector_lag_events{chain="${chainId}",projection="read-model"} 0\n`,
      )
    await expectStopped(second)
    const positions = (await verify()).map(({ differences, folded, position }) => {
      expect({ differences, folded }).toEqual({ differences: [], folded: [] })
      return position
    })
    for (const [i, lab] of labs.entries())
      expect(positions[i]).toBeGreaterThanOrEqual(
        (await lab.eventLog.readLast(chainStream(lab.chainId)))?.position ?? 0n,
      )
  },
  patienceMs,
)
