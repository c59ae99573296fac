import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventId } from '../../schema/events/event-id.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { connectDatabase } from '../project/connect-database.ts'
import { createProjector } from '../project/create-projector.ts'
import { migrate } from '../project/migrate.ts'
import { connectNode } from '../source/chain-node.ts'
import { compareChainWithLog } from './compare-chain-with-log.ts'
import { foldLiveLog } from './fold-live-log.ts'
import { rewindLog } from './rewind-log.ts'
import { verifyTables } from './verify-tables.ts'

let lab: ChainLab
let tables: TestDatabase

beforeAll(async () => {
  lab = await startChainLab()
  tables = await createTestDatabase()
  await migrate(tables.url)
  for (let block = 0; block < 12; block++) await lab.mine(2)
  await catchUp()
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await tables.drop()
})

/** Runs indexer and projector until everything mined so far is in the tables. */
async function catchUp(): Promise<void> {
  await using indexer = lab.indexer()
  await using projector = createProjector({
    databaseUrl: tables.url,
    eventLog: lab.eventLog,
    chainId: lab.chainId,
  })
  const running = Promise.all([indexer.run(), projector.run()])
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  const { revision } = (await lab.events()).at(-1)!
  await projector.waitFor({ stream: chainStream(lab.chainId), revision })
  await Promise.all([indexer.close(), projector.close()])
  await running
}

const node = () => connectNode(lab.rpcUrl)

async function compare() {
  const { token: _, ...contracts } = lab.deployment.addresses
  const live = await foldLiveLog(lab.eventLog, lab.chainId)
  const startBlock = lab.deployment.blockNumber
  const found = await compareChainWithLog({
    ...{ node: node(), chainId: lab.chainId, contracts, startBlock, live },
  })
  return { ...found, live }
}

const verify = (repair = false) =>
  verifyTables({
    ...{ databaseUrl: tables.url, eventLog: lab.eventLog, chainId: lab.chainId, repair },
  })

test('chain, log and tables agree after a quiet run', async () => {
  const { differences, facts, height } = await compare()
  expect(differences).toEqual([])
  expect(facts).toBeGreaterThan(25)
  expect(height).toBe(await lab.height())
  const found = await verify()
  expect(found).toMatchObject({ differences: [], folded: [], repaired: false })
  expect(found.rows).toBe(facts)
})

test('rows that are changed, gone or invented are named and written anew', async () => {
  const source = await connectDatabase(tables.url)
  try {
    await source.query(`UPDATE datanet SET uri = 'stolen' WHERE id = 3`)
    await source.query('DELETE FROM datanet WHERE id = 5')
    await source.query(
      `INSERT INTO datanet SELECT 999, owner, meta_hash, uri, licence, block_number, block_hash,
       tx_hash, log_index, timestamp FROM datanet WHERE id = 7`,
    )
    await source.query(`INSERT INTO reward_account VALUES ('0x01', 5, '0x01', 1, '0x02')`)
    const found = await verify()
    expect(found.differences).toMatchObject([
      { kind: 'different', what: 'datanet', id: '3', between: 'log and tables' },
      { kind: 'missing', what: 'datanet', id: '5' },
      { kind: 'extra', what: 'datanet', id: '999' },
    ])
    expect(found.folded).toEqual(['reward_account'])
    expect((await verify()).differences).toHaveLength(3)
    expect(await verify(true)).toMatchObject({ repaired: true })
    expect(await verify()).toMatchObject({ differences: [], folded: [] })
  } finally {
    await source.destroy()
  }
})

test('a log that says something else than the chain is taken back and read again', async () => {
  const events = await lab.events()
  const victim = events.findLast(({ type }) => type === 'DatanetCreated')!
  const last = events.at(-1)!
  const id = eventId(['forged'])
  const forged = { id, type: 'DatanetCreated', data: { ...victim.data, datanetId: '777' } }
  const { head: _, ...place } = victim.metadata
  await lab.eventLog.append(
    chainStream(lab.chainId),
    [{ ...forged, metadata: { ...place, head: last.metadata['head'] } }],
    { expectedRevision: last.revision },
  )
  const found = await compare()
  const height = Number(victim.metadata['blockNumber'])
  expect(found.differences).toMatchObject([{ kind: 'extra', id, height, between: 'chain and log' }])
  expect(await rewindLog(lab.eventLog, lab.chainId, found.live, height, node())).toBe(1)
  await catchUp()
  expect((await compare()).differences).toEqual([])
  expect(await verify()).toMatchObject({ differences: [], folded: [] })
})
