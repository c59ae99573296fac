import { pino } from 'pino'
import type { DataSource } from 'typeorm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase } from '../indexer/project/connect-database.ts'
import { createGeneration } from '../indexer/project/generations/create-generation.ts'
import { migrateGeneration } from '../indexer/project/generations/migrate-generation.ts'
import { migrate } from '../indexer/project/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { type Api, createApi } from './create-api.ts'

const chainId = 7
const logger = pino({ level: 'silent' })
const readNodeHead = async () => undefined

let database: TestDatabase
let source: DataSource
let api: Api

beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.url)
  source = await connectDatabase(database.url)
  await fill('public', 'old')
  api = await createApi({ databaseUrl: database.url, chainId, readNodeHead, logger })
})

afterAll(async () => {
  await api?.close()
  await source?.destroy()
  await database?.drop()
})

/** 40 blocks with a Datanet, a contribution and 500 facts each; 1 to 20 are final. */
async function fill(schema: string, uri: string): Promise<void> {
  const place = (block: string) => `${block}, '0xb' || ${block}, '0xt' || ${block}, 0, ${block}`
  await source.query(`INSERT INTO ${schema}.chain_head VALUES (7, 40, '0xb40', 20, '0xb20', 40)`)
  await source.query(
    `INSERT INTO ${schema}.datanet
     SELECT n, '0x0a', '0x01', $1, 1, ${place('n')} FROM generate_series(1, 40) AS n`,
    [uri],
  )
  await source.query(
    `INSERT INTO ${schema}.contribution
     SELECT n, n, '0x0c', $1, 3, 9, '0x02', 'accepted', '0x0a', NULL, n + 5, ${place('n')}
     FROM generate_series(1, 40) AS n`,
    [uri],
  )
  await source.query(
    `INSERT INTO ${schema}.contribution_decision
     SELECT gen_random_uuid(), n, 'accepted', '0x0a', NULL, ${place('(n + 5)')}
     FROM generate_series(1, 35) AS n`,
  )
  await source.query(
    `INSERT INTO ${schema}.fact (id, type, accounts, data, block_number, block_hash, tx_hash,
       log_index, timestamp)
     SELECT gen_random_uuid(), 'Staked', '{}', '{}', n, '0xb' || n, '0xt' || n, i, n
     FROM generate_series(1, 40) AS n, generate_series(1, 500) AS i`,
  )
  await source.query(`ANALYZE ${schema}.fact`)
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of a reply is what the tests look at
async function query(text: string): Promise<any> {
  const response = await api.fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text }),
    }),
  )
  return response.json()
}

test('final pages end at the final height, instant ones at the index', async () => {
  const { data, errors } = await query(
    `{ instant: datanets(first: 100) { nodes { id } }
       final: datanets(first: 100, finality: FINALIZED) { nodes { id provenance { blockNumber } } }
       facts(first: 1, finality: FINALIZED) { nodes { provenance { blockNumber } } }
       newest: facts(first: 1) { nodes { provenance { blockNumber } } }
       models(finality: FINALIZED) { nodes { id } }
       inferences(finality: FINALIZED) { nodes { id } }
       epochProposals(finality: FINALIZED) { nodes { id status } } }`,
  )
  expect(errors).toBeUndefined()
  expect(data.instant.nodes).toHaveLength(40)
  expect(data.final.nodes).toHaveLength(20)
  expect(data.final.nodes.at(-1)).toEqual({ id: '20', provenance: { blockNumber: 20 } })
  expect(data.facts.nodes).toEqual([{ provenance: { blockNumber: 20 } }])
  expect(data.newest.nodes).toEqual([{ provenance: { blockNumber: 40 } }])
})

test('a final contribution counts final decisions only', async () => {
  const { data } = await query(
    `{ instant: contributions(first: 100, where: { status: accepted }) { nodes { id } }
       final: contributions(first: 100, where: { status: accepted }, finality: FINALIZED) {
         nodes { id status } }
       open: contributions(first: 100, where: { status: submitted }, finality: FINALIZED) {
         nodes { id } } }`,
  )
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({ id: String(from + i) }))
  expect(data.instant.nodes).toHaveLength(40)
  expect(data.final.nodes).toMatchObject(ids(1, 15))
  expect(data.open.nodes).toEqual(ids(16, 20))
})

test('pages of final facts follow each other without gap or repeat', async () => {
  const seen = new Set<string>()
  let after = ''
  for (let page = 0; page < 3; page++) {
    const { data } = await query(
      `{ facts(first: 200, finality: FINALIZED ${after}) { nodes { id } pageInfo { endCursor } } }`,
    )
    for (const { id } of data.facts.nodes) seen.add(id)
    after = `, after: "${data.facts.pageInfo.endCursor}"`
  }
  expect(seen.size).toBe(600)
})

test('a deep page of final rows reads its rows and no others', async () => {
  const [{ 'QUERY PLAN': plan }] = await source.query(
    `EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM finalized_fact
     WHERE (block_number, log_index, id) < (10, 250, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
     ORDER BY block_number DESC, log_index DESC, id DESC LIMIT 51`,
  )
  const text = JSON.stringify(plan)
  expect(text).toContain('"Index Name":"fact_page"')
  expect(text).not.toMatch(/"Node Type":"(Sort|Incremental Sort)"/)
  expect(text).not.toMatch(/"Rows Removed by (Filter|Index Recheck)":[1-9]/)
})

test('an empty index has no final rows', async () => {
  const generation = await createGeneration(source)
  await migrateGeneration(database.url, generation)
  expect(await source.query(`SELECT * FROM ${generation.schema}.finalized_fact`)).toEqual([])
})

test('a request reads one generation to its end, however often they are swapped', async () => {
  const { schema } = await createGeneration(source)
  await fill(schema, 'new')
  const live = (number: number) =>
    source.transaction(async (manager) => {
      const set = 'UPDATE projections.generation SET state = $2 WHERE number = $1'
      await manager.query(set, [3 - number, 'retired'])
      await manager.query(set, [number, 'live'])
    })
  const seen = new Set<string>()
  let running = true
  const swapping = (async () => {
    for (let i = 0; running; i++) await live(2 - (i % 2))
  })()
  for (let round = 0; round < 15; round++) {
    const replies = await Promise.all(
      Array.from({ length: 4 }, () =>
        query(`{ contributions(first: 20) { nodes { root datanet { id
          contributions(first: 5) { nodes { root } } } } } }`),
      ),
    )
    for (const { data } of replies) {
      const found = new Set(
        data.contributions.nodes.flatMap(
          (node: { root: string; datanet: { contributions: { nodes: { root: string }[] } } }) => [
            node.root,
            ...node.datanet.contributions.nodes.map(({ root }) => root),
          ],
        ),
      )
      expect(found.size).toBe(1)
      for (const root of found) seen.add(String(root))
    }
  }
  running = false
  await swapping
  expect([...seen].sort()).toEqual(['new', 'old'])
})

test('tables of another version are refused, at the start and later', async () => {
  const level = (name: string) =>
    source.query('UPDATE projections.generation SET level = $1', [name])
  const [{ level: right }] = await source.query('SELECT level FROM projections.generation')
  await level('ControlFacts1700000000002')
  try {
    const refused = { code: 'SCHEMA_MISMATCH', facts: { found: 'ControlFacts1700000000002' } }
    await expect(
      createApi({ databaseUrl: database.url, chainId, readNodeHead, logger }),
    ).rejects.toMatchObject(refused)
    const { errors } = await query('{ datanets { nodes { id } } }')
    expect(errors).toMatchObject([{ extensions: { code: 'SCHEMA_MISMATCH' } }])
  } finally {
    await level(right)
  }
  expect((await query('{ datanets(first: 1) { nodes { id } } }')).errors).toBeUndefined()
})
