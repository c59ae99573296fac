import { BaseError } from '../../schema/errors.ts'
import type { InferenceAttributed } from '../../schema/events/attribution.ts'
import type { Decimal } from '../../schema/events/event.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import { conditionQueries, type Preconditioner } from '../attribution/condition-queries.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import { termsOf } from '../state/terms-of.ts'
import { decideCall } from './decide-call.ts'
import type { EngineContext } from './engine-context.ts'
import { inferenceAttributed } from './engine-events.ts'
import type { EngineStream } from './engine-stream.ts'
import { findUsedCitations } from './find-used-citations.ts'
import type { GradientStore } from './gradient-store.ts'
import { loadCallInputs } from './load-call-inputs.ts'
import type { TrainingSet } from './load-training-set.ts'
import { openPreconditioner } from './open-preconditioner.ts'
import { scoreQueries } from './score-queries.ts'
import { takeCodes } from './take-codes.ts'

// Large enough to use the width of the score kernels, small enough to lose little in a crash.
const chunkCalls = 128

export type Attribution = InferenceAttributed['data']

/**
 * Attributes calls of one model version, in chain order; those that the stream already holds for
 * this epoch are read, not computed.
 */
export async function attributeCalls(
  context: EngineContext,
  stream: EngineStream,
  work: {
    readonly state: ChainState
    readonly epoch: Decimal
    readonly calls: readonly RecordedCall[]
    readonly trainingSet: TrainingSet
    readonly store: GradientStore
  },
): Promise<ReadonlyMap<string, Attribution>> {
  const { epoch, calls, trainingSet } = work
  const { modelId, version } = trainingSet
  const attributed = new Map<string, Attribution>()
  for (const { type, data, metadata } of stream.recorded) {
    const attribution = data as unknown as Attribution
    if (type !== 'InferenceAttributed' || attribution.epoch !== epoch) continue
    if (metadata['engineHash'] === engineHash) attributed.set(attribution.callId, attribution)
  }
  const open = calls.filter((call) => !attributed.has(call.callId))
  const preconditioners = open.length === 0 ? [] : await openPreconditioners(context, work.store)
  for (let start = 0; start < open.length; start += chunkCalls) {
    context.signal?.throwIfAborted()
    const chunk = open.slice(start, start + chunkCalls)
    const results = await attributeChunk(context, { ...work, calls: chunk }, preconditioners)
    await stream.append(
      results.map((data) => inferenceAttributed(data, { chainId: context.chainId, engineHash })),
    )
    for (const result of results) attributed.set(result.callId, result)
    const done = calls.length - open.length + start + chunk.length
    const model = `${modelId}@${version}`
    context.onProgress?.({ stage: 'calls', model, done, total: calls.length })
  }
  return attributed
}

async function openPreconditioners(
  context: EngineContext,
  { ref, rows, checkpoints }: GradientStore,
): Promise<readonly Preconditioner[]> {
  const model = `${ref.modelId}@${ref.version}`
  const total = checkpoints.length
  let done = 0
  return Promise.all(
    checkpoints.map(async ({ codes }, i) => {
      const lambdaQ48 = BigInt(ref.checkpoints[i]!.lambdaQ48)
      const { backend, pool } = context
      const opened = await openPreconditioner({ codes, lambdaQ48 }, rows, backend, pool)
      done += 1
      context.onProgress?.({ stage: 'preconditioner', model, done, total })
      return opened
    }),
  )
}

async function attributeChunk(
  context: EngineContext,
  work: Parameters<typeof attributeCalls>[2],
  preconditioners: readonly Preconditioner[],
): Promise<readonly Attribution[]> {
  const { state, epoch, trainingSet, store } = work
  const { modelId, version } = trainingSet
  const inputs = await loadCallInputs(context, work.calls)
  const queryRows = inputs.map((input) => input.row)
  const gradients: Int8Array[] = []
  const conditioned: Int8Array[] = []
  const scores: (readonly Int32Array[])[] = []
  for (const [i, { hash, codes }] of store.checkpoints.entries()) {
    const raw = await takeCodes(context, trainingSet, hash, { rows: queryRows })
    const queries = await conditionQueries(raw, preconditioners[i]!, context.backend)
    const { width } = store.ref
    const { representatives } = store.rows
    gradients.push(raw)
    conditioned.push(queries)
    scores.push(await scoreQueries(queries, codes, width, representatives, context.backend))
  }
  const owner = state.models.get(modelId)?.owner
  const results: Attribution[] = []
  for (const [query, { call, row, citations }] of inputs.entries()) {
    const terms = termsOf(state, call)
    if (owner === undefined || terms === undefined) {
      throw new BaseError('CALL_UNATTRIBUTABLE', {
        facts: { callId: call.callId, modelId, termsVersion: call.termsVersion },
      })
    }
    const used = await findUsedCitations(call, citations, row.answer, {
      state,
      rowVault: context.rowVault,
      rows: store.rows,
    })
    const decision = decideCall({
      scores: scores.map((line) => line[query]!),
      rows: store.rows,
      used,
      fee: BigInt(call.fee),
      terms,
      accounts: { ...context.accounts, owner },
    })
    const queryHash = await context.artifacts.put(
      queryBytes([...gradients, ...conditioned], query, store.ref.width),
    )
    results.push({ callId: call.callId, modelId, version, epoch, queryHash, ...decision, used })
  }
  return results
}

function queryBytes(parts: readonly Int8Array[], query: number, width: number): Uint8Array {
  const bytes = new Uint8Array(parts.length * width)
  parts.forEach((part, i) => {
    bytes.set(part.subarray(query * width, (query + 1) * width), i * width)
  })
  return bytes
}
