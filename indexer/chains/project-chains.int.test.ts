import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainStream } from '../../schema/events/streams.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { connectDatabase } from '../project/connect-database.ts'
import { createProjector } from '../project/create-projector.ts'
import { migrate } from '../project/migrate.ts'
import { verifyTables } from '../verify/verify-tables.ts'
import { indexChains } from './index-chains.ts'
import { projectChains } from './project-chains.ts'

let labs: readonly [ChainLab, ChainLab]
let tables: readonly [TestDatabase, TestDatabase]

beforeAll(async () => {
  const first = await startChainLab()
  labs = [first, await startChainLab({ logOf: first })]
  tables = [await createTestDatabase(), await createTestDatabase()]
  for (const { url } of tables) await migrate(url)
})

afterAll(async () => {
  for (const lab of [...labs].reverse()) await lab[Symbol.asyncDispose]()
  for (const database of tables) await database.drop()
})

const projectorOf = (lab: ChainLab, { url }: TestDatabase) =>
  createProjector({ databaseUrl: url, eventLog: lab.eventLog, chainId: lab.chainId })

async function countDatanets({ url }: TestDatabase): Promise<number> {
  const source = await connectDatabase(url, 1)
  const [{ count }] = await source.query('SELECT count(*)::int AS count FROM datanet')
  await source.destroy()
  return count
}

test('chains with the same ids on one log come into databases of their own', async () => {
  const [one, two] = labs
  for (let i = 0; i < 6; i++) await Promise.all([one.mine(2), two.mine(1)])
  await using indexers = indexChains({
    chains: labs.map((lab) => ({ chainId: lab.chainId, create: () => lab.indexer() })),
  })
  await using projectors = projectChains({
    chains: labs.map((lab, i) => ({
      chainId: lab.chainId,
      create: () => projectorOf(lab, tables[i === 0 ? 0 : 1]),
    })),
  })
  const runs = Promise.all([indexers.run(), projectors.run()])
  await one.rpc('anvil_reorg', [2, [[one.datanetTransaction(), 0]]])
  await expect
    .poll(() => one.compare(), { timeout: 5000 })
    .toMatchObject({ missing: [], extra: [] })
  await expect
    .poll(() => two.compare(), { timeout: 5000 })
    .toMatchObject({ missing: [], extra: [] })
  await expect.poll(() => projectors.behind()).toEqual([])
  for (const lab of labs) {
    const last = await lab.eventLog.readLast(chainStream(lab.chainId))
    await projectors.of(lab.chainId)?.waitFor({ position: last?.position ?? 0n })
  }
  await Promise.all([indexers.close(), projectors.close()])
  await runs
  expect(await Promise.all(tables.map(countDatanets))).toEqual([9, 6])
  for (const [i, lab] of labs.entries()) {
    const databaseUrl = tables[i === 0 ? 0 : 1].url
    const found = await verifyTables({ databaseUrl, eventLog: lab.eventLog, chainId: lab.chainId })
    expect(found).toMatchObject({ differences: [], folded: [] })
  }
})

test('the database of one chain is refused to another before anything is written', async () => {
  const [one, two] = labs
  const before = await countDatanets(tables[0])
  await using wrong = projectorOf(two, tables[0])
  await expect(wrong.run()).rejects.toMatchObject({
    code: 'PROJECTION_OTHER_CHAIN',
    facts: { chainId: two.chainId, found: one.chainId },
  })
  expect(await countDatanets(tables[0])).toBe(before)
})
