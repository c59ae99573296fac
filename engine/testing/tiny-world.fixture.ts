import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256, toBytes } from 'viem'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { type CallVault, createCallVault } from '../../artifacts/create-call-vault.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createRowVault } from '../../artifacts/create-row-vault.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { baseLayout } from '../../gpu/models/base-weights.ts'
import type { ModelConfig } from '../../gpu/models/model-config.ts'
import { encodeAdapter } from '../../gpu/models/write-adapter.ts'
import { writeBaseModel } from '../../gpu/models/write-base-model.ts'
import { createGradientSession } from '../../gpu/training/gradient-session.ts'
import { initialWeights } from '../../gpu/training/initial-weights.ts'
import { defaultLoraRecipe } from '../../gpu/training/lora-recipe.ts'
import { tokenizeRow } from '../../gpu/training/tokenize-row.ts'
import { trainLora } from '../../gpu/training/train-lora.ts'
import { outputHash } from '../../schema/codec/call-body.ts'
import { canonicalJson, type Json } from '../../schema/codec/canonical-json.ts'
import { callId } from '../../schema/codec/leaves.ts'
import type { Row } from '../../schema/codec/row.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import { eventId } from '../../schema/events/event-id.ts'
import type { Terms } from '../../schema/events/model.ts'
import { chainStream } from '../../schema/events/streams.ts'
import type { Citation } from '../../schema/manifests/batch.ts'
import { type MemoryEventLog, memoryEventLog } from './memory-event-log.fixture.ts'

export const chainId = 31_337
export const token: Hex = `0x${'70'.repeat(20)}`
export const ledger: Hex = `0x${'1e'.repeat(20)}`
export const accountOf = (name: string): Hex => `0x${keccak256(toBytes(name)).slice(26)}`
export const hashOf = (name: string): Hex => keccak256(toBytes(name))

const config: ModelConfig = {
  vocabularySize: 256,
  hiddenSize: 32,
  layerCount: 1,
  headCount: 2,
  keyValueHeadCount: 1,
  headSize: 16,
  feedForwardSize: 64,
  maxPositions: 64,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
}
const lora = { rank: 2, alpha: 4, targets: ['q', 'k', 'v', 'o'] } as const

export const tinyTerms: Terms = {
  pricePer1kIn: '1000',
  pricePer1kOut: '3001',
  platformBps: 500,
  ownerBps: 1500,
  stakersBps: 1000,
  contributorsBps: 7000,
  retrievalBps: 2500,
}

export interface TinyUpload {
  readonly contributor: string
  readonly rows: readonly Row[]
}

export interface TinyCall {
  readonly prompt: string
  readonly answer: string
  readonly fee: bigint
  readonly citations?: readonly Citation[]
  /** 1 if absent. */
  readonly modelVersion?: number
  /** 1 if absent. */
  readonly termsVersion?: number
}

/** A chain stream, stores and one trained model with real gradients, on a model of 13,000 weights. */
export interface TinyWorld<Log extends EventLog = MemoryEventLog> extends AsyncDisposable {
  readonly dir: string
  readonly eventLog: Log
  readonly artifacts: ArtifactStore
  readonly rowVault: RowVault
  readonly callVault: CallVault
  readonly baseModelDir: string
  /** Records a batch of calls in the next block, which is final at once. */
  recordCalls(calls: readonly TinyCall[]): Promise<void>
  appendFacts(facts: readonly Pick<ChainFact, 'type' | 'data'>[]): Promise<void>
}

/** Builds the world: uploads in order as contributions 1, 2, …, model 1 version 1 trained on all. */
export async function tinyWorld<Log extends EventLog = MemoryEventLog>(
  uploads: readonly TinyUpload[],
  eventLog = memoryEventLog() as unknown as Log,
): Promise<TinyWorld<Log>> {
  const dir = await mkdtemp(join(tmpdir(), 'provenant-engine-'))
  const artifacts = createFolderStore(join(dir, 'artifacts'))
  const rowVault = createRowVault(join(dir, 'rows'), artifacts)
  const callVault = createCallVault(join(dir, 'calls'), new Uint8Array(32).fill(7))
  const baseModelDir = join(dir, 'base')
  let block = 0
  let funded = 0n
  let batches = 0
  const put = (value: object) =>
    artifacts.put(new TextEncoder().encode(canonicalJson(value as Json)))

  const appendFacts = async (facts: readonly Pick<ChainFact, 'type' | 'data'>[]) => {
    block += 1
    const blockHash = hashOf(`block ${block}`)
    const last = await eventLog.readLast(chainStream(chainId))
    await eventLog.append(
      chainStream(chainId),
      facts.map(({ type, data }, logIndex) => ({
        id: eventId([chainId, blockHash, logIndex]),
        type,
        data: { ...data },
        metadata: {
          chainId,
          blockNumber: block,
          blockHash,
          txHash: hashOf(`tx ${block}`),
          logIndex,
          timestamp: 1_700_000_000 + block,
          ...(logIndex === facts.length - 1
            ? { head: { height: block, hash: blockHash, top: [] } }
            : {}),
        },
      })),
      { expectedRevision: last?.revision ?? 'none' },
    )
  }

  const weights = initialWeights(config, 5)
  const model = {
    config,
    weights: new Map(
      baseLayout(config).map(({ name, offset, length }) => [
        name,
        weights.slice(offset, offset + length),
      ]),
    ),
  }
  await writeBaseModel(baseModelDir, model)
  const facts: Pick<ChainFact, 'type' | 'data'>[] = []
  const contributions = []
  for (const [i, { contributor, rows }] of uploads.entries()) {
    const sealed = await rowVault.put({ rows, salts: rows.map((_, r) => hashOf(`salt ${i} ${r}`)) })
    const contributionId = String(i + 1)
    const ids = { datanetId: '1', contributionId }
    facts.push({
      type: 'ContributionSubmitted',
      data: {
        ...ids,
        contributor: accountOf(contributor),
        root: sealed.root,
        rows: rows.length,
        byteSize: String(sealed.byteSize),
        dataHash: sealed.dataHash,
      },
    })
    facts.push({ type: 'ContributionAccepted', data: { ...ids, by: accountOf('curator') } })
    contributions.push({ contributionId, root: sealed.root, rows: rows.map((_, r) => r) })
  }

  await using session = createGradientSession({
    model,
    lora,
    buckets: [32, 64],
    batch: 8,
    threads: 1,
  })
  const training = await trainLora({
    session,
    rows: uploads.flatMap(({ rows }) =>
      rows.map((row) => tokenizeRow(row.question, row.answer, config.maxPositions)),
    ),
    recipe: { ...defaultLoraRecipe, epochs: 4, batch: 8, learningRate: 0.02 },
    seed: 3,
  })
  const files = encodeAdapter(training.adapter, config, 'tiny')
  const checkpoints = []
  for (const { step, fraction, adapter } of training.checkpoints) {
    const encoded = encodeAdapter(adapter, config, 'tiny')['adapter_model.safetensors']
    checkpoints.push({
      step,
      permille: Math.round(fraction * 1000),
      hash: await artifacts.put(encoded),
    })
  }
  const empty = await artifacts.put(new Uint8Array())
  const artefactHash = await put({
    kind: 'training-run',
    version: 1,
    baseModelHash: sha256(await readFile(join(baseModelDir, 'model.safetensors'))),
    model: 'tiny',
    adapter: {
      'adapter_config.json': await artifacts.put(files['adapter_config.json']),
      'adapter_model.safetensors': await artifacts.put(files['adapter_model.safetensors']),
    },
    checkpoints,
    configHash: empty,
    datasetHash: await put({ kind: 'dataset', version: 1, contributions }),
    datasetRoot: hashOf('dataset'),
    dataOrderHash: empty,
    logHash: empty,
  })
  const version = { modelId: '1', version: 1, runId: '1', artefactHash }
  await appendFacts([
    ...facts,
    {
      type: 'ModelRegistered',
      data: {
        modelId: '1',
        owner: accountOf('owner'),
        name: 'tiny',
        baseModelHash: hashOf('base'),
        datanetIds: ['1'],
      },
    },
    { type: 'ModelVersionPublished', data: version },
    { type: 'TermsSet', data: { ...tinyTerms, modelId: '1', version: 1, validFrom: '0' } },
  ])

  return {
    dir,
    eventLog,
    artifacts,
    rowVault,
    callVault,
    baseModelDir,
    appendFacts,
    async recordCalls(calls) {
      batches += 1
      const batchId = String(batches)
      const recorded = []
      for (const [index, call] of calls.entries()) {
        const { prompt, answer, fee, citations = [] } = call
        const { modelVersion = 1, termsVersion = 1 } = call
        const versions = { modelVersion, termsVersion }
        const request = {
          model: 'tiny@1',
          prompt,
          maxTokens: 32,
          nonce: hashOf(`nonce ${batchId} ${index}`),
        }
        const output = { text: answer, completionTokens: [...toBytes(`${answer}\n`)] }
        const requestHash = await callVault.put({ request, output })
        funded += fee
        const hashes = { requestHash, output: outputHash(request, output) }
        recorded.push({ index, fee, ...hashes, citations, versions })
      }
      const dataHash = await put({
        kind: 'batch',
        version: 1,
        calls: recorded.map(({ requestHash, citations }) => ({ requestHash, citations })),
      })
      await appendFacts([
        {
          type: 'BatchCommitted',
          data: {
            batchId,
            operator: accountOf('operator'),
            codec: 1,
            calls: calls.length,
            digest: hashOf(`digest ${batchId}`),
            dataHash,
          },
        },
        ...recorded.map(({ index, fee, requestHash, output, versions }) => ({
          type: 'InferenceRecorded' as const,
          data: {
            callId: callId(chainId, ledger, BigInt(batchId), index),
            batchId,
            index,
            operator: accountOf('operator'),
            payer: accountOf('payer'),
            modelId: '1',
            ...versions,
            fee: String(fee),
            tokensIn: 10,
            tokensOut: 10,
            calledAt: 1_700_000_000,
            requestHash,
            outputHash: output,
          },
        })),
        {
          type: 'RewardsFunded',
          data: { from: ledger, amount: '0', fundedCumulative: String(funded) },
        },
      ])
    },
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true, force: true })
    },
  }
}
