import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallVault, createCallVault } from '../../artifacts/create-call-vault.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import type { Hex } from '../../schema/events/event.ts'
import { attributionStream, epochStream } from '../../schema/events/streams.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Engine } from '../create-engine.ts'
import { proposedFact } from '../testing/proposed-fact.fixture.ts'
import { tinyEngine } from '../testing/tiny-engine.fixture.ts'
import { tinyCalls, tinyUploads } from '../testing/tiny-uploads.fixture.ts'
import { accountOf, chainId, type TinyWorld, tinyWorld } from '../testing/tiny-world.fixture.ts'
import type { EpochLeaves } from './commit-epoch.ts'
import { loadEpochLeaves } from './load-epoch-leaves.ts'
import { epochManifest } from './manifest-schemas.ts'
import { proposalOf } from './proposal-of.ts'
import { readJsonArtifact } from './read-json-artifact.ts'

// One world for what all tests expect; each test that changes something makes its own.
let world: TinyWorld
let engine: Engine
let first: { readonly root: Hex; readonly manifestHash: Hex }
let manifest: EpochManifest
let leaves: EpochLeaves

const closed = async (by: Engine) => {
  const result = await by.closeEpoch()
  if (result.status !== 'closed') throw new Error('nothing was closed')
  return result.epoch
}
const engineEvents = (events: readonly RecordedEvent[]) =>
  events
    .filter(({ stream }) => stream !== `chain-${chainId}`)
    .map(({ id, type, data, metadata, stream }) => ({ id, type, data, metadata, stream }))

beforeAll(async () => {
  world = await tinyWorld(tinyUploads)
  await world.recordCalls(tinyCalls())
  engine = tinyEngine(world)
  first = await closed(engine)
  manifest = await readJsonArtifact(world.artifacts, first.manifestHash, epochManifest)
  leaves = await loadEpochLeaves(world.artifacts, manifest)
})

afterAll(async () => {
  await engine?.close()
  await world?.[Symbol.asyncDispose]()
})

test('each call pays the contributor of the row that it repeats', () => {
  expect(manifest.calls.map(({ rule }) => rule)).toEqual(Array(8).fill('influence'))
  expect(manifest.calls.map(({ rows }) => rows[0]?.rowId)).toEqual([
    '1:0',
    '1:1',
    '1:2',
    '1:3',
    '2:0',
    '2:1',
    '2:2',
    '2:3',
  ])
})

test('a copier and an uploader of garbage earn nothing', () => {
  const earned = new Map<string, string>(
    leaves.rewards.map(({ account, cumulative }) => [account, String(cumulative)]),
  )
  expect(earned.get(accountOf('carol'))).toBeUndefined()
  expect(earned.get(accountOf('dave'))).toBeUndefined()
  for (const name of ['alice', 'bob', 'owner', 'platform', 'stakers']) {
    expect(BigInt(earned.get(accountOf(name)) ?? 0)).toBeGreaterThan(0n)
  }
})

test('only the citation that the answer used is paid for retrieval', () => {
  for (const { used, shares, rows } of manifest.calls) {
    expect(used.map(({ rowId }) => rowId)).toEqual([rows[0]!.rowId])
    expect(shares.find(({ role }) => role === 'retrieval')?.account).toBe(rows[0]!.contributor)
  }
})

test('every fee is shared to the last unit and the leaves add up to all fees', () => {
  let fees = 0n
  for (const { fee, shares } of manifest.calls) {
    expect(shares.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(BigInt(fee))
    fees += BigInt(fee)
  }
  expect(manifest.totalEarned).toBe(String(fees))
  expect(leaves.rewards.reduce((sum, leaf) => sum + leaf.cumulative, 0n)).toBe(fees)
  expect(leaves.credits.reduce((sum, leaf) => sum + leaf.amount, 0n)).toBe(fees)
})

test('closing again changes nothing', async () => {
  const before = world.eventLog.events.length
  expect(await engine.closeEpoch()).toEqual({ status: 'idle' })
  expect(world.eventLog.events.length).toBe(before)
  expect(await engine.status()).toMatchObject({
    lastEpoch: { root: first.root },
    open: { calls: 0, fees: '0' },
  })
})

test('a crash after every single append ends in the same events and the same root', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls(tinyCalls())
  await using crashing = tinyEngine(other, referenceScores())
  let crashes = 0
  for (;;) {
    other.eventLog.failAfter(1)
    try {
      expect((await closed(crashing)).root).toBe(first.root)
      break
    } catch (error) {
      expect(error).toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' })
      crashes += 1
    }
  }
  expect(crashes).toBeGreaterThanOrEqual(6)
  expect(engineEvents(other.eventLog.events)).toEqual(engineEvents(world.eventLog.events))
})

test('the next epoch continues the balances and uses the store again', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls(tinyCalls())
  await using by = tinyEngine(other)
  const model = { modelId: '1', version: 1 }
  expect(await by.indexModel(model)).toEqual({ rows: 26, clusters: 18 })
  const one = await closed(by)
  expect(one.root).toBe(first.root)
  await other.recordCalls(tinyCalls(50n).slice(0, 2))
  const two = await closed(by)
  expect(two).toMatchObject({ epoch: '2', calls: 2 })
  expect(BigInt(two.fromBlock)).toBe(BigInt(one.toBlock) + 1n)
  expect(BigInt(two.totalEarned) - BigInt(one.totalEarned)).toBe(50n + 51n)
  const after = new Map(two.balances.map((leaf) => [leaf.account, BigInt(leaf.cumulative)]))
  for (const { account, cumulative } of one.balances) {
    expect(after.get(account)).toBeGreaterThanOrEqual(BigInt(cumulative))
  }
  const segments = other.eventLog.events.filter(({ type }) => type === 'GradientSegmentIndexed')
  expect(segments).toHaveLength(4)

  // The guardian rejects epoch 2, and its calls are closed again on top of epoch 1.
  const { root, totalEarned, fromBlock, manifestHash } = two
  const held = await readJsonArtifact(other.artifacts, manifestHash, epochManifest)
  await other.appendFacts([
    {
      type: 'EpochProposed',
      data: proposedFact(proposalOf(held, manifestHash), { epoch: '2', previousEpoch: '1' }),
    },
    { type: 'EpochRejected', data: { epoch: '2', reasonCode: 1 } },
  ])
  const three = await closed(by)
  expect(three).toMatchObject({ epoch: '3', calls: 2, fromBlock, totalEarned, root })
})

test('rows that were erased after indexing do not change what is paid', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls(tinyCalls().slice(0, 1))
  await using by = tinyEngine(other)
  await closed(by)
  const [submitted] = other.eventLog.events
  await other.rowVault.erase(submitted!.data['dataHash'] as Hex, 1)
  await other.recordCalls([{ ...tinyCalls()[1]!, citations: [] }])
  const { manifestHash } = await closed(by)
  const after = await readJsonArtifact(other.artifacts, manifestHash, epochManifest)
  expect(after.calls[0]!.rows[0]?.rowId).toBe('1:1')
})

test('an answer that no row explains is paid flat', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls([{ prompt: 'x'.repeat(80), answer: 'too long to score', fee: 900n }])
  await using by = tinyEngine(other)
  const { manifestHash } = await closed(by)
  const after = await readJsonArtifact(other.artifacts, manifestHash, epochManifest)
  const [call] = after.calls
  expect(call).toMatchObject({ rule: 'flat', rows: [], used: [] })
  const flat = new Map<string, string>(
    call!.shares.filter(({ role }) => role === 'flat').map((s) => [s.account, s.amount]),
  )
  // 630 units by clusters: Alice 8, Bob 8, Dave 2; Carol's copies are Alice's clusters.
  expect(Object.fromEntries(flat)).toEqual({
    [accountOf('alice')]: '280',
    [accountOf('bob')]: '280',
    [accountOf('dave')]: '70',
  })
})

test('calls that name no terms or no version stop nothing: the platform takes what nobody can', async () => {
  await using other = await tinyWorld(tinyUploads)
  const [one, two, three] = tinyCalls(1_000n)
  await other.recordCalls([
    one!,
    { ...two!, termsVersion: 7 },
    { ...three!, modelVersion: 9 },
    { ...two!, fee: 0n, termsVersion: 7, modelVersion: 9 },
  ])
  await using by = tinyEngine(other)
  const { manifestHash } = await closed(by)
  const after = await readJsonArtifact(other.artifacts, manifestHash, epochManifest)
  expect(after.calls.map(({ rule }) => rule)).toEqual(['influence', 'flat', 'flat', 'flat'])
  const paid = after.calls.map(({ shares }) =>
    Object.fromEntries(shares.map(({ account, role, amount }) => [`${role} ${account}`, amount])),
  )
  const platform = accountOf('platform')
  expect(paid[1]).toEqual({ [`platform ${platform}`]: '1001' })
  // 1,002 units at 5/15/10/70: nobody trained the version, so 70 % have no other taker.
  expect(paid[2]).toMatchObject({ [`flat ${platform}`]: '702' })
  expect(paid[3]).toEqual({})
  expect(after.calls[1]!.weights).toEqual({ influence: [], retrieval: [] })
  expect(await by.audit(manifestHash, { deep: true })).toMatchObject({ ok: true })
})

test('a call whose body is lost or changed stops the epoch and can be closed later', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls(tinyCalls())
  const empty = createCallVault(join(other.dir, 'empty'), new Uint8Array(32))
  const changed: CallVault = {
    ...other.callVault,
    async get(hash) {
      const { request, output } = await other.callVault.get(hash)
      return { request, output: { ...output, text: 'something better' } }
    },
  }
  for (const [callVault, code] of [
    [empty, 'CALL_BODY_MISSING'],
    [changed, 'CALL_BODY_MISMATCH'],
  ] as const) {
    await using by = tinyEngine({ ...other, callVault })
    await expect(by.closeEpoch()).rejects.toMatchObject({ code })
    expect(await by.status()).toMatchObject({ lastEpoch: undefined, open: { calls: 8 } })
  }
  await using by = tinyEngine(other)
  expect((await closed(by)).root).toBe(first.root)
})

test('an aborted close continues where it ended', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls(tinyCalls())
  await using by = tinyEngine(other)
  const abort = new AbortController()
  const aborted = by.closeEpoch({
    signal: abort.signal,
    onProgress: ({ stage }) => {
      if (stage === 'preconditioner') abort.abort()
    },
  })
  await expect(aborted).rejects.toThrow()
  expect((await closed(by)).root).toBe(first.root)
})

test('another base model is refused', async () => {
  await using other = await tinyWorld(tinyUploads)
  await other.recordCalls(tinyCalls())
  await using by = tinyEngine({ ...other, baseModelDir: other.dir })
  await expect(by.closeEpoch()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
})

test('a second close at the same time is refused', async () => {
  const running = engine.closeEpoch()
  await expect(engine.closeEpoch()).rejects.toMatchObject({ code: 'ENGINE_BUSY' })
  await running
})

test('the embedded event log holds the same events after a restart of the engine', async () => {
  const database = await createTestDatabase()
  await using server = await createEmbeddedEventLog({ databaseUrl: database.url })
  await using log = createEventLog({ connectionString: server.connectionString })
  await using other = await tinyWorld(tinyUploads, log)
  await other.recordCalls(tinyCalls())
  {
    await using by = tinyEngine(other)
    expect((await closed(by)).root).toBe(first.root)
  }
  await using by = tinyEngine(other)
  expect(await by.closeEpoch()).toEqual({ status: 'idle' })
  const events: RecordedEvent[] = []
  for (const stream of [attributionStream(chainId, '1', 1), epochStream(chainId)]) {
    for await (const event of log.read(stream)) events.push(event)
  }
  expect(engineEvents(events)).toEqual(engineEvents(world.eventLog.events))
})
