import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { CallVault } from '../../artifacts/create-call-vault.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import type { EpochManifest, GradientStoreRef } from '../../schema/manifests/epoch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { conditionQueries } from '../attribution/condition-queries.ts'
import { checkBaseModel } from '../epoch/check-base-model.ts'
import { findUsedCitations } from '../epoch/find-used-citations.ts'
import { groupRows } from '../epoch/group-rows.ts'
import { isAttributable } from '../epoch/is-attributable.ts'
import { loadCallInputs } from '../epoch/load-call-inputs.ts'
import { loadTrainingSet } from '../epoch/load-training-set.ts'
import { openPreconditioner } from '../epoch/open-preconditioner.ts'
import { readTrainingRows } from '../epoch/read-training-rows.ts'
import { takeCodes } from '../epoch/take-codes.ts'
import type { ChainState } from '../state/chain-state.ts'
import type { EnginePool } from '../workers/create-engine-pool.ts'
import { type CodeAgreement, compareCodes, joinAgreements } from './compare-codes.ts'
import { type Difference, firstDifference } from './first-difference.ts'
import { loadCheckpointCodes } from './load-checkpoint-codes.ts'
import { loadQueryCodes } from './load-query-codes.ts'
import { sampleNumbers } from './sample-numbers.ts'

/** What only those have who hold the texts. */
export interface DeepAuditSources {
  readonly rowVault: RowVault
  readonly callVault: CallVault
  readonly baseModelDir: string
  readonly pool: EnginePool
  /** Rows and calls per model version whose gradients are taken again; 32 if absent. */
  readonly samples?: number
}

export interface DeepAuditReport {
  readonly ok: boolean
  /** Gradient rows and query rows taken again from text and checkpoint. */
  readonly gradients: CodeAgreement
  /** Query rows preconditioned again, bit for bit. */
  readonly preconditioned: number
  /** First wrong cluster, query row or citation. */
  readonly difference?: Difference
}

interface Sources extends DeepAuditSources {
  readonly artifacts: ArtifactStore
  readonly backend: ScoreBackend
  readonly state: ChainState
  readonly signal?: AbortSignal
}

/**
 * Checks what the integers were made from: clusters, preconditioned query rows and citations exactly,
 * a sample of gradients within rounding (floats differ in their last bits between processors).
 *
 * The sample is drawn by the hash of the epoch's last block, which nobody chose.
 */
export async function auditDeep(
  manifest: EpochManifest,
  rows: readonly GradientRows[],
  sources: Sources,
): Promise<DeepAuditReport> {
  const agreements: CodeAgreement[] = []
  let preconditioned = 0
  let difference: Difference | undefined
  for (const [i, store] of manifest.stores.entries()) {
    const audited = await auditStore(manifest, store, rows[i]!, sources)
    agreements.push(...audited.agreements)
    preconditioned += audited.preconditioned
    difference ??= audited.difference
  }
  const gradients = joinAgreements(agreements)
  return {
    ok: gradients.ok && difference === undefined,
    gradients,
    preconditioned,
    ...(difference === undefined ? {} : { difference }),
  }
}

async function auditStore(
  manifest: EpochManifest,
  store: GradientStoreRef,
  rows: GradientRows,
  sources: Sources,
) {
  const { artifacts, backend, state, pool, samples = 32 } = sources
  const { modelId, version, width } = store
  const trainingSet = await loadTrainingSet(state, artifacts, modelId, version)
  await checkBaseModel(sources.baseModelDir, trainingSet.manifest.baseModelHash)
  const texts = await readTrainingRows(sources.rowVault, trainingSet.rows)
  const byId = new Map(state.calls.map((call) => [call.callId, call]))
  const claims = manifest.calls.filter(
    (call) =>
      call.modelId === modelId &&
      call.version === version &&
      isAttributable(state, byId.get(call.callId)!),
  )
  const inputs = await loadCallInputs(
    sources,
    claims.map(({ callId }) => byId.get(callId)!),
  )
  const queries = await Promise.all(
    claims.map(({ queryHash }) =>
      loadQueryCodes(artifacts, queryHash, width, store.checkpoints.length),
    ),
  )
  const seed = `${manifest.toBlockHash}:${modelId}@${version}`
  const sampledRows = sampleNumbers(`${seed}:rows`, texts.length, samples).filter(
    (row) => texts[row] !== null,
  )
  const sampledCalls = sampleNumbers(`${seed}:calls`, claims.length, samples)
  const agreements: CodeAgreement[] = []
  let difference: Difference | undefined
  let last: Int8Array | undefined
  for (const [checkpoint, { hash, lambdaQ48 }] of store.checkpoints.entries()) {
    const codes = await loadCheckpointCodes(artifacts, store, checkpoint, texts.length)
    last = codes
    const taken = await takeCodes(sources, trainingSet, hash, {
      rows: [
        ...sampledRows.map((row) => texts[row]!),
        ...sampledCalls.map((call) => inputs[call]!.row),
      ],
    })
    const stored = [
      ...sampledRows.map((row) => codes.subarray(row * width, (row + 1) * width)),
      ...sampledCalls.map((call) => queries[call]!.raw[checkpoint]!),
    ]
    stored.forEach((line, i) => {
      agreements.push(compareCodes(line, taken.subarray(i * width, (i + 1) * width)))
    })
    const opened = await openPreconditioner(
      { codes, lambdaQ48: BigInt(lambdaQ48) },
      rows,
      backend,
      pool,
    )
    const raw = joinCodes(queries.map((query) => query.raw[checkpoint]!))
    const conditioned = await conditionQueries(raw, opened, backend)
    claims.forEach(({ callId }, i) => {
      const expected = conditioned.subarray(i * width, (i + 1) * width)
      difference ??= firstDifference(
        [...expected],
        [...queries[i]!.conditioned[checkpoint]!],
        `query ${callId} checkpoint ${checkpoint}`,
      )
    })
  }
  if (texts.every((text) => text !== null)) {
    difference ??= firstDifference(
      await groupRows(trainingSet, texts, last, backend),
      rows,
      `store ${modelId}@${version}`,
    )
  }
  for (const [i, { callId, used }] of claims.entries()) {
    const { call, citations, row } = inputs[i]!
    const expected = await findUsedCitations(call, citations, row.answer, { ...sources, rows })
    difference ??= firstDifference(expected, used, `used by ${callId}`)
  }
  return { agreements, difference, preconditioned: claims.length * store.checkpoints.length }
}

function joinCodes(parts: readonly Int8Array[]): Int8Array {
  const joined = new Int8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
