import { pino } from 'pino'
import { DataSource } from 'typeorm'
import { concat, keccak256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../indexer/project/migrate.ts'
import { orderRewards } from '../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../schema/codec/ordered-merkle-tree.ts'
import { packRewardLeaves } from '../schema/codec/pack-epoch-leaves.ts'
import { entities } from '../schema/entities/entities.ts'
import type { Hex } from '../schema/events/event.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { type Api, createApi } from './create-api.ts'

const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const earned: readonly (readonly [Hex, bigint])[] = [
  [address(1), 700n],
  [address(2), 200n],
  [address(3), 2n ** 100n],
]
const { root } = buildOrderedMerkleTree(
  packRewardLeaves(orderRewards(earned.map(([account, cumulative]) => ({ account, cumulative })))),
)

let database: TestDatabase
let api: Api

beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.url)
  await fill(database.url)
  api = await createApi({
    databaseUrl: database.url,
    chainId: 7,
    readNodeHead: async () => ({ number: 120, timestamp: 0 }),
    logger: pino({ level: 'silent' }),
  })
})

afterAll(async () => {
  await api?.close()
  await database?.drop()
})

test('a call leads to its model, training run, contributions and shares', async () => {
  const { data, errors } = await query(
    `query ($id: Hex!) { inference(id: $id) {
      fee provenance { blockNumber }
      model { name datanets { uri } }
      modelVersion { version trainingRun { datasetRoot } }
      terms { contributorsBps }
      attribution { rule epoch { id status } shares { account role amount }
        rows { rowId score z contribution { root datanet { uri } contributor { account } } } }
    } }`,
    { id: hash(901) },
  )
  expect(errors).toBeUndefined()
  expect(data).toMatchInlineSnapshot(`
    {
      "inference": {
        "attribution": {
          "epoch": {
            "id": "1",
            "status": "active",
          },
          "rows": [
            {
              "contribution": {
                "contributor": {
                  "account": "0x0000000000000000000000000000000000000001",
                },
                "datanet": {
                  "uri": "new",
                },
                "root": "0x000000000000000000000000000000000000000000000000000000000000000b",
              },
              "rowId": "1:2",
              "score": 2,
              "z": 3.5,
            },
          ],
          "rule": "influence",
          "shares": [
            {
              "account": "0x0000000000000000000000000000000000000001",
              "amount": "700",
              "role": "influence",
            },
            {
              "account": "0x0000000000000000000000000000000000000002",
              "amount": "202",
              "role": "owner",
            },
          ],
        },
        "fee": "902",
        "model": {
          "datanets": [
            {
              "uri": "new",
            },
          ],
          "name": "solidity-helper",
        },
        "modelVersion": {
          "trainingRun": {
            "datasetRoot": "0x000000000000000000000000000000000000000000000000000000000000000e",
          },
          "version": 1,
        },
        "provenance": {
          "blockNumber": 100,
        },
        "terms": {
          "contributorsBps": 5000,
        },
      },
    }
  `)
})

test('a claim proof folds to the root as the contract folds it', async () => {
  const { data } = await query(
    `{ epoch(id: 1) { root proposal { id poster status accounts }
       claim(account: "${address(3)}") { cumulative before index proof } } }`,
  )
  const { claim, proposal } = data.epoch
  expect(proposal).toEqual({ id: '3', poster: address(5), status: 'active', accounts: 3 })
  expect(claim).toMatchObject({ cumulative: String(2n ** 100n), before: '900', index: 2 })
  const word = (value: bigint) => toHex(value, { size: 16 })
  const leaf = keccak256(concat(['0x00', address(3), word(2n ** 100n), word(900n)]))
  const [empty, left] = claim.proof as Hex[]
  const right = keccak256(concat(['0x01', leaf, empty!]))
  expect(keccak256(concat(['0x01', left!, right]))).toBe(data.epoch.root)
  const none = await query(`{ epoch(id: 1) { claim(account: "${address(9)}") { proof } } }`)
  expect(none.data.epoch.claim).toBeNull()
})

test('a wrong proposal stays visible with its faults and disputes', async () => {
  const { data, errors } = await query(
    `{ epochProposals(first: 1, after: null) { nodes { id } pageInfo { hasNextPage } }
       epochProposal(id: 2) { status reasonCode poster faults { kind challenger slashed reward }
         disputes { id challenger upholdVotes outcome } } }`,
  )
  expect(errors).toBeUndefined()
  expect(data).toEqual({
    epochProposals: { nodes: [{ id: '3' }], pageInfo: { hasNextPage: true } },
    epochProposal: {
      status: 'rejected',
      reasonCode: 1003,
      poster: address(5),
      faults: [{ kind: 3, challenger: address(4), slashed: '50', reward: '25' }],
      disputes: [{ id: '1', challenger: address(4), upholdVotes: 2, outcome: null }],
    },
  })
})

test('what facts come to is read through views', async () => {
  const { data, errors } = await query(
    `{ datanet(id: 1) { owner status admission version uri
         standing(contributor: "${address(1)}") { accepted penaltyPoints } }
       agent(account: "${address(5)}") { active thawing slashed }
       sessionKeys(payer: "${address(6)}") { key cap validUntil }
       model(id: 1) { trainingRuns { lds { lds byTrainer } } }
       facts(where: { account: "${address(4)}", type: "FaultProven" }) { nodes { type data } } }`,
  )
  expect(errors).toBeUndefined()
  expect(data).toMatchObject({
    datanet: {
      ...{ owner: address(9), status: 'closed', admission: 'approval', version: 2, uri: 'new' },
      standing: { accepted: 4, penaltyPoints: '7' },
    },
    agent: { active: '450', thawing: '500', slashed: '50' },
    sessionKeys: [{ key: address(66), cap: '10', validUntil: 99 }],
    model: { trainingRuns: [{ lds: [{ lds: 0.42, byTrainer: true }] }] },
    facts: { nodes: [{ type: 'FaultProven', data: { kind: 3, slashed: '50' } }] },
  })
})

test('a contributor sees earnings per epoch and what is left to claim', async () => {
  const { data } = await query(
    `{ contributor(account: "${address(1)}") { earned claimed claimable recipient
       epochs { earned cumulative epoch { id } } contributions { nodes { rows } } } }`,
  )
  expect(data.contributor).toEqual({
    earned: '700',
    claimed: '100',
    claimable: '600',
    recipient: address(1),
    epochs: [
      { earned: '700', cumulative: '700', epoch: { id: '1' } },
      { earned: '0', cumulative: '700', epoch: { id: '2' } },
    ],
    contributions: { nodes: [{ rows: 3 }] },
  })
})

test('pages follow each other without gap or repeat', async () => {
  const seen: string[] = []
  let after: string | null = null
  do {
    const { data }: { data: Data } = await query(
      `query ($after: String) { inferences(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
      { after },
    )
    seen.push(...data.inferences.nodes.map((node: { id: string }) => node.id))
    after = data.inferences.pageInfo.hasNextPage ? data.inferences.pageInfo.endCursor : null
  } while (after !== null)
  expect(seen).toEqual([908, 907, 906, 905, 904, 903, 902, 901].map(hash))
})

test('_meta compares the index with the node', async () => {
  const { data } = await query(
    '{ _meta { chainId chainHead indexedBlock finalizedBlock lagBlocks } }',
  )
  expect(data._meta).toEqual({
    chainId: '7',
    chainHead: 120,
    indexedBlock: 110,
    finalizedBlock: 107,
    lagBlocks: 10,
  })
})

test.each([
  ['{ inferences(first: 201) { nodes { id } } }', 'QUERY_INVALID'],
  ['{ inferences(after: "bm9wZQ") { nodes { id } } }', 'QUERY_INVALID'],
])('bad input %s gets a coded error', async (text, code) => {
  const { errors } = await query(text)
  expect(errors).toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code }) }),
  ])
})

test('malformed hex, unknown fields and deep queries are refused', async () => {
  for (const text of [
    '{ inference(id: "0xzz") { id } }',
    '{ nonsense }',
    `{ ${'datanets { nodes { contributions { nodes { datanet { id '.repeat(4)}${'} } } } } '.repeat(4)}}`,
  ]) {
    const { data, errors } = await query(text)
    expect(errors?.length).toBeGreaterThan(0)
    expect(data ?? null).toBeNull()
  }
})

test('the query editor needs nothing from another host', async () => {
  const response = await api.fetch(
    new Request('http://localhost/graphql', { headers: { accept: 'text/html' } }),
  )
  const page = await response.text()
  expect(page).toContain('Provenant')
  expect(page).not.toMatch(/(src|href)="?https?:/)
})

test('a database that is down at start is a coded, retryable error', async () => {
  await expect(
    createApi({
      databaseUrl: 'postgresql://postgres@127.0.0.1:1/none',
      chainId: 7,
      readNodeHead: async () => undefined,
      logger: pino({ level: 'silent' }),
    }),
  ).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
})

test('a claim proof is refused when the leaves do not fold to the root', async () => {
  const { errors } = await query(`{ epoch(id: 2) { claim(account: "${address(1)}") { proof } } }`)
  expect(errors?.[0]?.extensions?.code).toBe('ROOT_MISMATCH')
})

// biome-ignore lint/suspicious/noExplicitAny: the shape of a reply is what the tests look at
type Data = any

async function query(
  text: string,
  variables: Record<string, unknown> = {},
): Promise<{ data: Data; errors?: { extensions?: { code?: string } }[] }> {
  const response = await api.fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    }),
  )
  return (await response.json()) as { data: Data }
}

async function fill(url: string): Promise<void> {
  const source = await new DataSource({ type: 'postgres', url, entities }).initialize()
  const at = (block: number, logIndex = 0) => ({
    blockNumber: block,
    blockHash: hash(block),
    txHash: hash(block + 5000),
    logIndex,
    timestamp: 1_700_000_000 + block,
  })
  const insert = (entity: string, rows: object[]) => source.getRepository(entity).insert(rows)
  await insert('Datanet', [
    { id: '1', owner: address(8), metaHash: hash(1), uri: 'solidity', licence: 1, ...at(1) },
  ])
  await insert('Contribution', [
    {
      ...{ id: '1', datanetId: '1', contributor: address(1), root: hash(11), rows: 3 },
      ...{ byteSize: 99n, dataHash: hash(12), status: 'accepted', decidedBy: address(8) },
      ...at(2),
    },
  ])
  await insert('Model', [
    {
      ...{ id: '1', owner: address(8), name: 'solidity-helper', baseModelHash: hash(13) },
      ...{ datanetIds: ['1'], ...at(3) },
    },
  ])
  await insert('TrainingRun', [
    {
      ...{ id: '1', modelId: '1', trainer: address(8), datasetRoot: hash(14) },
      ...{ configHash: hash(15), dataOrderHash: hash(16), artefactHash: hash(17), ...at(4) },
    },
  ])
  await insert('ModelVersion', [
    { id: '1-1', modelId: '1', version: 1, runId: '1', artefactHash: hash(17), ...at(5) },
  ])
  await insert('Terms', [
    {
      ...{ id: '1-1', modelId: '1', version: 1, pricePer1kIn: 1n, pricePer1kOut: 2n },
      ...{ platformBps: 1000, ownerBps: 2000, stakersBps: 2000, contributorsBps: 5000 },
      ...{ retrievalBps: 0, validFrom: 0, ...at(6) },
    },
  ])
  await insert('Batch', [
    {
      id: '1',
      operator: address(7),
      codec: 1,
      calls: 8,
      digest: hash(1),
      dataHash: hash(2),
      ...at(100),
    },
  ])
  await insert(
    'Inference',
    Array.from({ length: 8 }, (_, i) => ({
      ...{ id: hash(901 + i), batchId: '1', index: i, operator: address(7), payer: address(6) },
      ...{ modelId: '1', modelVersion: 1, termsVersion: 1, fee: 902n, tokensIn: 5, tokensOut: 6 },
      ...{ calledAt: 1, requestHash: hash(21), outputHash: hash(22), ...at(100 + (i >> 2)) },
    })),
  )
  await insert('Attribution', [
    {
      ...{ callId: hash(901), modelId: '1', version: 1, epoch: '1', queryHash: hash(31) },
      ...{ rule: 'influence', engineHash: hash(32) },
    },
  ])
  await insert('AttributionRow', [
    {
      ...{ callId: hash(901), rowId: '1:2', rank: 0, contributor: address(1), cluster: 2 },
      ...{ scoreQ16: 131_072, zMilli: 3500 },
    },
  ])
  await insert('AttributionShare', [
    { callId: hash(901), account: address(1), role: 'influence', amount: 700n, epoch: '1' },
    { callId: hash(901), account: address(2), role: 'owner', amount: 202n, epoch: '1' },
  ])
  await source.query(
    `INSERT INTO epoch_closing VALUES
       (1, $1, 1, $3, 1, 104, $4, $5, 8, 3), (2, $2, 1, $3, 105, 110, $4, $5, 8, 1)`,
    [root, hash(77), hash(41), hash(104), hash(32)],
  )
  await fillProposals(source, hash(41))
  await fillFacts(source)
  await insert(
    'EpochLeaf',
    earned.map(([account, cumulative]) => ({ epoch: '1', account, cumulative })),
  )
  await insert('EpochLeaf', [{ epoch: '2', account: address(1), cumulative: 700n }])
  await insert('RewardAccount', [
    {
      account: address(1),
      claimed: 100n,
      recipient: address(1),
      blockNumber: 105,
      blockHash: hash(105),
    },
  ])
  await insert('ChainHead', [
    {
      ...{ chainId: 7, indexedHeight: 110, indexedHash: hash(110), finalizedHeight: 107 },
      ...{ finalizedHash: hash(107), timestamp: 1_700_000_000 },
    },
  ])
  await source.destroy()
}

const place = (block: number, logIndex = 0) =>
  `${block}, '${hash(block)}', '${hash(block + 5000)}', ${logIndex}, ${1_700_000_000 + block}`

/** A wrong root was rejected, then the right one became active; epoch 2 is only closed. */
async function fillProposals(source: DataSource, manifestHash: Hex): Promise<void> {
  const proposal = (epoch: number, block: number, of: Hex) =>
    source.query(
      `INSERT INTO epoch_proposal (id, epoch, root, total_earned, manifest_hash, from_block, to_block,
         to_block_hash, engine_hash, activates_at, poster, previous_epoch, accounts, credits_root,
         credits, calls_root, calls, block_number, block_hash, tx_hash, log_index, timestamp)
       VALUES (gen_random_uuid(), $1, $2, 1, $3, 1, 104, $4, $4, 1, $5, 0, 3, $4, 4, $4, 8,
         ${place(block)})`,
      [epoch, of, manifestHash, hash(104), address(5)],
    )
  const decision = (epoch: number, block: number, status: string, reason: number | null) =>
    source.query(
      `INSERT INTO epoch_decision VALUES (gen_random_uuid(), $1, $2, $3, ${place(block)})`,
      [epoch, status, reason],
    )
  await proposal(2, 105, hash(78))
  await decision(2, 106, 'disputed', null)
  await decision(2, 107, 'rejected', 1003)
  await proposal(3, 108, root)
  await decision(3, 109, 'active', null)
}

async function fillFacts(source: DataSource): Promise<void> {
  const [a4, a5, a6] = [address(4), address(5), address(6)]
  const facts: readonly (readonly [string, Record<string, unknown>])[] = [
    ['DatanetConfigured', { datanetId: '1', kind: 0, admission: 0 }],
    ['DatanetUpdated', { datanetId: '1', version: 2, metaHash: hash(2), uri: 'new', admission: 1 }],
    ['DatanetOwnerChanged', { datanetId: '1', oldOwner: address(8), newOwner: address(9) }],
    ['DatanetStatusChanged', { datanetId: '1', oldStatus: 1, newStatus: 2 }],
    [
      'ContributorStandingChanged',
      {
        ...{ datanetId: '1', contributor: address(1), accepted: 4, rejected: 0, revoked: 0 },
        penaltyPoints: '7',
      },
    ],
    ['Staked', { agent: a5, from: a5, amount: '1000', activeAfter: '1000' }],
    ['StakeThawStarted', { agent: a5, amount: '500', activeAfter: '500', thawingAfter: '500' }],
    [
      'StakeSlashed',
      { agent: a5, beneficiary: a4, amount: '50', activeAfter: '450', thawingAfter: '500' },
    ],
    ['SignerSet', { payer: a6, key: address(66), validUntil: '9', cap: '5', spent: '0' }],
    ['SignerSet', { payer: a6, key: address(66), validUntil: '99', cap: '10', spent: '0' }],
    ['FaultProven', { epoch: '2', kind: 3, challenger: a4, slashed: '50', reward: '25' }],
    ['DisputeOpened', { disputeId: '1', epoch: '2', challenger: a4, bond: '10', commitEnd: '1' }],
    ['VoteRevealed', { disputeId: '1', attester: a6, upholdVotes: 2, dismissVotes: 0 }],
    ['LdsRecorded', { runId: '1', modelId: '1', ldsMicros: 420_000, byTrainer: true }],
  ]
  for (const [i, [type, data]] of facts.entries())
    await source.query(
      `INSERT INTO fact (id, type, accounts, datanet_id, model_id, epoch, data, block_number,
         block_hash, tx_hash, log_index, timestamp)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, ${place(104, i)})`,
      [
        type,
        Object.values(data).filter((value) => /^0x.{40}$/.test(String(value))),
        data['datanetId'] ?? null,
        data['modelId'] ?? null,
        data['epoch'] ?? null,
        JSON.stringify(data),
      ],
    )
}
