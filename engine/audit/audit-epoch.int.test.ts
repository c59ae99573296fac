import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { gpuJsScores } from '../../gpu/scores/gpu-js-scores.ts'
import { onnxScores } from '../../gpu/scores/onnx-scores.ts'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packRewardLeaves, unpackRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import type { Hex } from '../../schema/events/event.ts'
import { attributionStream, epochStream } from '../../schema/events/streams.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { Engine } from '../create-engine.ts'
import { epochManifest, gradientRows } from '../epoch/manifest-schemas.ts'
import { proposalOf } from '../epoch/proposal-of.ts'
import { putJsonArtifact } from '../epoch/put-json-artifact.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import { foldChainFacts } from '../state/fold-chain-facts.ts'
import { readChainFacts } from '../state/read-chain-facts.ts'
import { memoryEventLog } from '../testing/memory-event-log.fixture.ts'
import { proposedFact } from '../testing/proposed-fact.fixture.ts'
import { tinyEngine } from '../testing/tiny-engine.fixture.ts'
import { tinyCalls, tinyUploads } from '../testing/tiny-uploads.fixture.ts'
import { chainId, type TinyWorld, tinyWorld } from '../testing/tiny-world.fixture.ts'
import { auditEpoch } from './audit-epoch.ts'
import { replayEpochs } from './replay-epochs.ts'

let world: TinyWorld
let engine: Engine
const hashes: Hex[] = []
const manifests: EpochManifest[] = []

beforeAll(async () => {
  world = await tinyWorld(tinyUploads)
  engine = tinyEngine(world)
  const unattributable = [{ termsVersion: 5 }, { modelVersion: 4 }].map((change) => ({
    ...tinyCalls(70n)[0]!,
    ...change,
  }))
  for (const calls of [tinyCalls(), [...unattributable, ...tinyCalls(70n).slice(3, 6)]]) {
    await world.recordCalls(calls)
    const result = await engine.closeEpoch()
    if (result.status !== 'closed') throw new Error('nothing was closed')
    const manifest = await readJsonArtifact(
      world.artifacts,
      result.epoch.manifestHash,
      epochManifest,
    )
    hashes.push(result.epoch.manifestHash)
    manifests.push(manifest)
    const { epoch } = manifest
    const proposal = proposalOf(manifest, result.epoch.manifestHash)
    await world.appendFacts([
      {
        type: 'EpochProposed',
        data: proposedFact(proposal, { epoch, previousEpoch: String(Number(epoch) - 1) }),
      },
      { type: 'EpochActivated', data: { epoch } },
    ])
  }
})

afterAll(async () => {
  await engine?.close()
  await world?.[Symbol.asyncDispose]()
})

const readState = async () => {
  const read = await readChainFacts(world.eventLog, chainId)
  return foldChainFacts(read?.facts ?? [])
}
const audit = async (
  manifestHash: Hex,
  { backend = referenceScores(), artifacts = world.artifacts as ArtifactStore } = {},
) => auditEpoch({ manifestHash, artifacts, backend, state: await readState() })
const store = (manifest: EpochManifest) => putJsonArtifact(world.artifacts, manifest)
/** Serves other bytes under an address, as a store that does not check would. */
const tampered = (hash: Hex, change: (bytes: Uint8Array) => void): ArtifactStore => ({
  ...world.artifacts,
  async get(wanted) {
    const bytes = await world.artifacts.get(wanted)
    if (wanted === hash) change(bytes)
    return bytes
  },
})

test('every backend finds both epochs as they are', async () => {
  const backends: readonly ScoreBackend[] = [
    referenceScores(),
    await onnxScores(),
    await gpuJsScores({ mode: 'webasm' }),
  ]
  for (const backend of backends) {
    for (const [i, hash] of hashes.entries()) {
      expect(await audit(hash, { backend })).toMatchObject({
        ok: true,
        root: manifests[i]!.trees.rewards.root,
        checked: { calls: manifests[i]!.calls.length },
      })
    }
    await backend.close()
  }
})

test('with the texts, gradients, preconditioner, clusters and citations are as they should', async () => {
  expect(await engine.audit(hashes[0]!, { deep: true })).toMatchObject({
    ok: true,
    deep: { ok: true, preconditioned: 32, gradients: { ok: true, cosine: 1 } },
  })
})

describe('the first thing that is wrong is named', () => {
  const changed = (change: (manifest: EpochManifest) => EpochManifest) =>
    store(change(structuredClone(manifests[0]!)))
  const changedCall = (change: (call: EpochManifest['calls'][number]) => object) =>
    changed((manifest) => ({
      ...manifest,
      calls: manifest.calls.map((call, i) => (i === 2 ? { ...call, ...change(call) } : call)),
    }))

  test('a score', async () => {
    const hash = await changedCall(({ rows }) => ({
      rows: [{ ...rows[0]!, scoreQ16: rows[0]!.scoreQ16 + 1 }, ...rows.slice(1)],
    }))
    expect(await audit(hash)).toMatchObject({
      ok: false,
      difference: { path: 'calls[2].rows[0].scoreQ16' },
    })
  })

  test('a split between two accounts that adds up', async () => {
    const hash = await changedCall(({ shares }) => ({
      shares: shares.map((share, i) =>
        i < 2 ? { ...share, amount: String(BigInt(share.amount) + (i === 0 ? 1n : -1n)) } : share,
      ),
    }))
    expect(await audit(hash)).toMatchObject({
      ok: false,
      difference: { path: 'calls[2].shares[0].amount' },
    })
  })

  test('a call that is left out', async () => {
    const hash = await changed((manifest) => ({ ...manifest, calls: manifest.calls.slice(1) }))
    expect(await audit(hash)).toMatchObject({
      ok: false,
      problem: { code: 'MANIFEST_INVALID', facts: { callId: manifests[0]!.calls[0]!.callId } },
    })
  })

  test('a balance with its root', async () => {
    const { trees } = manifests[0]!
    const rewards = [...unpackRewardLeaves(await world.artifacts.get(trees.rewards.hash))]
    rewards[0] = { ...rewards[0]!, cumulative: 7n }
    const packed = packRewardLeaves(rewards)
    const wrong = {
      ...trees.rewards,
      root: buildOrderedMerkleTree(packed).root,
      hash: await world.artifacts.put(packed.bytes),
    }
    const hash = await changed((manifest) => ({
      ...manifest,
      trees: { ...manifest.trees, rewards: wrong },
    }))
    expect(await audit(hash)).toMatchObject({
      difference: { path: 'leaves.rewards[0].cumulative', found: '"7"' },
    })
  })

  test('a row credited to somebody else', async () => {
    const { rowsHash } = manifests[0]!.stores[0]!
    const rows = await readJsonArtifact(world.artifacts, rowsHash, gradientRows)
    const contributor = rows.rows.at(-1)!.contributor
    const stolen = await putJsonArtifact(world.artifacts, {
      ...rows,
      rows: rows.rows.map((row, i) => (i === 0 ? { ...row, contributor } : row)),
    })
    const hash = await changed((manifest) => ({
      ...manifest,
      stores: manifest.stores.map((ref) => ({ ...ref, rowsHash: stolen })),
    }))
    expect(await audit(hash)).toMatchObject({
      problem: { code: 'MANIFEST_INVALID', facts: { path: 'rows[0].contributor' } },
    })
  })

  test('a cluster represented by a copy', async () => {
    const { rowsHash } = manifests[0]!.stores[0]!
    const rows = await readJsonArtifact(world.artifacts, rowsHash, gradientRows)
    const copy = rows.rows.findLastIndex(({ cluster }) => cluster === 0)
    const swapped = await putJsonArtifact(world.artifacts, {
      ...rows,
      representatives: [copy, ...rows.representatives.slice(1)],
    })
    const hash = await changed((manifest) => ({
      ...manifest,
      stores: manifest.stores.map((ref) => ({ ...ref, rowsHash: swapped })),
    }))
    expect(await audit(hash)).toMatchObject({ problem: { code: 'MANIFEST_INVALID' } })
  })

  test('gradients of other rows in a segment', async () => {
    const { hash: original } = manifests[0]!.stores[0]!.checkpoints[1]!.segments[0]!
    const bytes = await world.artifacts.get(original)
    bytes.reverse()
    const other = await world.artifacts.put(bytes)
    const hash = await changed((manifest) => ({
      ...manifest,
      stores: manifest.stores.map((ref) => ({
        ...ref,
        checkpoints: ref.checkpoints.map((checkpoint, i) =>
          i === 1
            ? { ...checkpoint, segments: [{ ...checkpoint.segments[0]!, hash: other }] }
            : checkpoint,
        ),
      })),
    }))
    const report = await audit(hash)
    expect(report.ok).toBe(false)
    expect(report.difference?.path).toMatch(/^calls\[0\]\.rows/)
  })

  test.each([
    ['no width', { width: 0 }],
    ['a width that no memory holds', { width: 2 ** 40 }],
    ['no checkpoints', { checkpoints: [] }],
  ])('a store with %s', async (_, change) => {
    const hash = await changed((manifest) => ({
      ...manifest,
      stores: manifest.stores.map((ref) => ({ ...ref, ...change })),
    }))
    expect(await audit(hash)).toMatchObject({ ok: false, problem: { code: 'MANIFEST_INVALID' } })
  })

  test('blocks without calls', async () => {
    const hash = await changed((manifest) => ({ ...manifest, fromBlock: '900', toBlock: '901' }))
    expect(await audit(hash)).toMatchObject({ ok: false, problem: { code: 'EPOCH_EMPTY' } })
  })

  test('a query row that the preconditioner does not give', async () => {
    const { queryHash } = manifests[0]!.calls[0]!
    const bytes = await world.artifacts.get(queryHash)
    bytes[bytes.length - 1] = (bytes.at(-1)! + 1) % 100
    const other = await world.artifacts.put(bytes)
    const hash = await changed((manifest) => ({
      ...manifest,
      calls: manifest.calls.map((call, i) => (i === 0 ? { ...call, queryHash: other } : call)),
    }))
    const report = await engine.audit(hash, { deep: true })
    expect(report.deep).toMatchObject({
      ok: false,
      difference: { path: expect.stringMatching(/query/) },
    })
  })

  test('a missing artifact', async () => {
    const { queryHash } = manifests[0]!.calls[5]!
    const bytes = await world.artifacts.get(queryHash)
    const hex = queryHash.slice(2)
    await rm(join(world.dir, 'artifacts', hex.slice(0, 2), hex.slice(2, 4), hex))
    expect(await audit(hashes[0]!)).toMatchObject({
      ok: false,
      problem: { code: 'ARTIFACT_MISSING', facts: { hash: queryHash } },
    })
    await world.artifacts.put(bytes)
    expect(await audit(hashes[0]!)).toMatchObject({ ok: true })
  })

  test('bytes that are no manifest', async () => {
    const hash = await world.artifacts.put(new TextEncoder().encode('{"kind":"epoch"}'))
    expect(sha256('{"kind":"epoch"}')).toBe(hash)
    expect(await audit(hash)).toMatchObject({ ok: false, problem: { code: 'MANIFEST_INVALID' } })
  })
})

test('a replay from chain and artifacts writes the same events and gives the roots on-chain', async () => {
  const eventLog = memoryEventLog()
  const state = await readState()
  const options = {
    eventLog,
    artifacts: world.artifacts,
    backend: referenceScores(),
    chainId,
    state,
  }
  const roots = await replayEpochs(options)
  expect(roots).toEqual(manifests.map(({ epoch, trees }) => ({ epoch, root: trees.rewards.root })))
  const plain = (log: typeof eventLog) =>
    [
      attributionStream(chainId, '1', 1),
      attributionStream(chainId, '1', 4),
      epochStream(chainId),
    ].map((stream) =>
      log.events
        .filter((event) => event.stream === stream)
        .map(({ id, type, data, metadata }) => ({ id, type, data, metadata })),
    )
  expect(plain(eventLog)).toEqual(plain(world.eventLog))
  expect(await replayEpochs(options)).toEqual(roots)
})

test('a replay refuses an epoch that is not what the chain says', async () => {
  const state = await readState()
  const lied = {
    ...state,
    epochs: state.epochs.map((epoch, i) =>
      i === 1
        ? { ...epoch, data: { ...epoch.data, root: manifests[0]!.trees.rewards.root } }
        : epoch,
    ),
  }
  const options = { artifacts: world.artifacts, backend: referenceScores(), chainId }
  await expect(
    replayEpochs({ ...options, eventLog: memoryEventLog(), state: lied }),
  ).rejects.toMatchObject({ code: 'REPLAY_MISMATCH', facts: { epoch: '2', path: 'proposal.root' } })
  const artifacts = tampered(manifests[0]!.calls[0]!.queryHash, (bytes) => {
    bytes.set(bytes.slice(0, bytes.length / 2).reverse(), bytes.length / 2)
  })
  await expect(
    replayEpochs({ ...options, artifacts, eventLog: memoryEventLog(), state }),
  ).rejects.toMatchObject({ code: 'REPLAY_MISMATCH', facts: { epoch: '1' } })
})
