import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { BaseError } from '../../schema/errors.ts'
import type {
  AttributedCall,
  EpochManifest,
  GradientStoreRef,
} from '../../schema/manifests/epoch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { attributionMethod, engineHash } from '../attribution/attribution-method.ts'
import { dampingQ48 } from '../attribution/damping.ts'
import { fisherRows } from '../attribution/fisher-rows.ts'
import { gatherRows } from '../attribution/gather-rows.ts'
import { sumSquares } from '../attribution/sum-squares.ts'
import { balancesOf } from '../epoch/balances-of.ts'
import { commitEpoch, type EpochLeaves } from '../epoch/commit-epoch.ts'
import { decideUnattributable } from '../epoch/decide-unattributable.ts'
import { type CallGroup, groupCalls } from '../epoch/group-calls.ts'
import { isAttributable } from '../epoch/is-attributable.ts'
import { loadEpochLeaves } from '../epoch/load-epoch-leaves.ts'
import { loadTrainingSet } from '../epoch/load-training-set.ts'
import { epochManifest, gradientRows } from '../epoch/manifest-schemas.ts'
import { citationReader } from '../epoch/read-citations.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import { recordHash } from '../epoch/record-hash.ts'
import { scoreQueries } from '../epoch/score-queries.ts'
import { usedCheckpoints } from '../epoch/used-checkpoints.ts'
import type { ChainState } from '../state/chain-state.ts'
import { checkGradientRows } from './check-gradient-rows.ts'
import { loadCheckpointCodes } from './load-checkpoint-codes.ts'
import { loadQueryCodes } from './load-query-codes.ts'
import { redecideCall } from './redecide-call.ts'

export interface RebuildSources {
  readonly artifacts: ArtifactStore
  readonly backend: ScoreBackend
  /** Facts of the chain up to the epoch's last block or later. */
  readonly state: ChainState
  readonly signal?: AbortSignal
}

export interface RebuiltEpoch {
  /** What the manifest must be. */
  readonly manifest: EpochManifest
  /** Leaves of the three trees that the manifest must point to. */
  readonly leaves: EpochLeaves
  /** Rows of each store, in the order of the stores. */
  readonly rows: readonly GradientRows[]
  readonly scores: number
}

/**
 * Rebuilds an epoch's manifest from the chain and artifacts: every score, standard score, share,
 * balance and the three roots, in integers.
 *
 * Taken over from the manifest are only addresses of artifacts, which citations an answer used, which
 * committed batches were open, and the two accounts and the token that no fact names.
 */
export async function rebuildManifest(
  manifest: EpochManifest,
  sources: RebuildSources,
): Promise<RebuiltEpoch> {
  const { state, artifacts } = sources
  const from = BigInt(manifest.fromBlock)
  const to = BigInt(manifest.toBlock)
  const held = new Set(manifest.calls.map(({ batchId }) => batchId))
  const calls = state.calls.filter(
    ({ blockNumber, batchId, batchDataHash }) =>
      BigInt(blockNumber) >= from &&
      BigInt(blockNumber) <= to &&
      // A committed batch counts as a whole or not at all: its body may have come too late.
      (batchDataHash !== undefined || held.has(batchId)),
  )
  const decided = new Map<string, AttributedCall>()
  const stores: GradientStoreRef[] = []
  const rows: GradientRows[] = []
  let scores = 0
  for (const call of calls.filter((one) => !isAttributable(state, one))) {
    const { batchId, index, fee } = call
    const decision = decideUnattributable(state, call, manifest.payees)
    decided.set(call.callId, { ...decision, batchId, index, recordHash: recordHash(call), fee })
  }
  for (const group of groupCalls(calls.filter((call) => isAttributable(state, call)))) {
    const rebuilt = await rebuildGroup(manifest, group, sources)
    stores.push(rebuilt.ref)
    rows.push(rebuilt.rows)
    scores += rebuilt.scores
    for (const call of rebuilt.calls) decided.set(call.callId, call)
  }
  const attributed = calls.map((call) => decided.get(call.callId)!)
  const { trees, totalEarned, leaves } = commitEpoch(
    await balancesBefore(manifest, artifacts),
    attributed,
  )
  return {
    manifest: { ...manifest, engineHash, stores, calls: attributed, totalEarned, trees },
    leaves,
    rows,
    scores,
  }
}

/** Sizes are taken over from whoever published the manifest, so they are checked before use. */
function checkStore({ modelId, version, width, checkpoints }: GradientStoreRef, trained: number) {
  const { maxUnprojected, width: projected } = attributionMethod.projection
  const widest = Math.max(maxUnprojected, projected)
  if (width >= 1 && width <= widest && checkpoints.length === trained) return
  throw new BaseError('MANIFEST_INVALID', {
    facts: { modelId, version, width, checkpoints: checkpoints.length, expected: trained },
  })
}

async function balancesBefore({ previous }: EpochManifest, artifacts: ArtifactStore) {
  if (previous === null) return []
  const before = await readJsonArtifact(artifacts, previous, epochManifest)
  return balancesOf((await loadEpochLeaves(artifacts, before)).rewards)
}

async function rebuildGroup(manifest: EpochManifest, group: CallGroup, sources: RebuildSources) {
  const { artifacts, state } = sources
  const { modelId, version } = group
  const claimed = manifest.stores.find(
    (store) => store.modelId === modelId && store.version === version,
  )
  if (claimed === undefined) {
    throw new BaseError('MANIFEST_INVALID', { facts: { modelId, version, problem: 'no store' } })
  }
  const trainingSet = await loadTrainingSet(state, artifacts, modelId, version)
  const rows = await readJsonArtifact(artifacts, claimed.rowsHash, gradientRows)
  checkGradientRows(rows, trainingSet)
  const trained = usedCheckpoints(trainingSet.manifest).map(({ hash }) => hash)
  checkStore(claimed, trained.length)
  const claims = group.calls.map((call) => {
    const found = manifest.calls.find(({ callId }) => callId === call.callId)
    if (found !== undefined) return found
    throw new BaseError('MANIFEST_INVALID', {
      facts: { callId: call.callId, problem: 'a recorded call is missing' },
    })
  })
  const queries = await Promise.all(
    claims.map(({ queryHash }) =>
      loadQueryCodes(artifacts, queryHash, claimed.width, trained.length),
    ),
  )
  const scores: (readonly Int32Array[])[] = []
  const checkpoints: GradientStoreRef['checkpoints'][number][] = []
  for (const [checkpoint, hash] of trained.entries()) {
    sources.signal?.throwIfAborted()
    const codes = await loadCheckpointCodes(artifacts, claimed, checkpoint, rows.rows.length)
    const batch = new Int8Array(queries.length * claimed.width)
    queries.forEach((query, i) => {
      batch.set(query.conditioned[checkpoint]!, i * claimed.width)
    })
    scores.push(
      await scoreQueries(batch, codes, claimed.width, rows.representatives, sources.backend),
    )
    const chosen = fisherRows(rows.representatives)
    const squares = sumSquares(gatherRows(codes, chosen, claimed.width))
    checkpoints.push({
      hash,
      lambdaQ48: String(dampingQ48(squares, chosen.length, claimed.width)),
      segments: claimed.checkpoints[checkpoint]!.segments,
    })
  }
  const readCitations = citationReader(artifacts)
  const calls: AttributedCall[] = []
  for (const [query, call] of group.calls.entries()) {
    const lines = scores.map((line) => line[query]!)
    calls.push(
      await redecideCall(manifest, call, claims[query]!, lines, rows, sources, readCitations),
    )
  }
  const count = trained.length * group.calls.length * rows.representatives.length
  return { ref: { ...claimed, checkpoints }, rows, calls, scores: count }
}
