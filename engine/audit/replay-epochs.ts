import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import { BaseError } from '../../schema/errors.ts'
import type { EngineMetadata } from '../../schema/events/attribution.ts'
import type { Decimal, Hex } from '../../schema/events/event.ts'
import { attributionStream, epochStream } from '../../schema/events/streams.ts'
import type { AttributedCall, EpochManifest } from '../../schema/manifests/epoch.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import { fisherRows } from '../attribution/fisher-rows.ts'
import { balancesOf } from '../epoch/balances-of.ts'
import { noQuery } from '../epoch/decide-unattributable.ts'
import {
  epochClosed,
  gradientSegmentIndexed,
  inferenceAttributed,
  preconditionerFitted,
} from '../epoch/engine-events.ts'
import { type IdentifiedEvent, openEngineStream } from '../epoch/engine-stream.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import type { ChainState, ProposedEpoch } from '../state/chain-state.ts'
import type { Difference } from './first-difference.ts'
import { manifestDifference } from './manifest-difference.ts'
import { proposalDifference } from './proposal-difference.ts'
import { type RebuiltEpoch, rebuildManifest } from './rebuild-manifest.ts'

export interface ReplayOptions {
  readonly eventLog: EventLog
  readonly artifacts: ArtifactStore
  readonly backend: ScoreBackend
  readonly chainId: number
  readonly state: ChainState
  readonly signal?: AbortSignal
  readonly onProgress?: (epoch: Decimal) => void
}

/**
 * Writes the engine's events of all proposed epochs again, from the chain and artifacts alone: same
 * ids, same data. All scores are recomputed.
 *
 * @returns the recomputed root of each epoch, in the order of the proposals.
 * @throws REPLAY_MISMATCH if an epoch is not what the chain says; ARTIFACT_MISSING.
 */
export async function replayEpochs(
  options: ReplayOptions,
): Promise<readonly { readonly epoch: Decimal; readonly root: Hex }[]> {
  const { state, eventLog, chainId } = options
  const roots: { epoch: Decimal; root: Hex }[] = []
  for (const proposed of state.epochs) {
    const { epoch, dataHash } = proposed.data
    const { rebuilt, difference } = await rebuildProposed(proposed, options)
    if (difference !== undefined) {
      throw new BaseError('REPLAY_MISMATCH', { facts: { epoch, ...difference } })
    }
    if (rebuilt === undefined) continue
    await writeEvents(eventLog, chainId, rebuilt, dataHash)
    roots.push({ epoch, root: rebuilt.manifest.trees.rewards.root })
    options.onProgress?.(epoch)
  }
  return roots
}

/** Rebuilds a proposal; nothing comes of a rejected one that is wrong or cannot be read. */
async function rebuildProposed(
  { data, status }: ProposedEpoch,
  options: ReplayOptions,
): Promise<{ readonly rebuilt?: RebuiltEpoch; readonly difference?: Difference }> {
  const { artifacts } = options
  try {
    const manifest = await readJsonArtifact(artifacts, data.dataHash, epochManifest)
    const rebuilt = await rebuildManifest(manifest, options)
    const difference =
      (await manifestDifference(rebuilt, manifest, artifacts)) ??
      proposalDifference(rebuilt.manifest, data.dataHash, data)
    if (difference === undefined) return { rebuilt }
    return status === 'rejected' ? {} : { difference }
  } catch (error) {
    if (status === 'rejected' && error instanceof BaseError) return {}
    throw error
  }
}

async function writeEvents(
  eventLog: EventLog,
  chainId: number,
  { manifest, rows, leaves }: RebuiltEpoch,
  manifestHash: Hex,
): Promise<void> {
  const metadata = { chainId, engineHash }
  for (const [i, store] of manifest.stores.entries()) {
    const { modelId, version, width, rowsHash } = store
    const events: IdentifiedEvent[] = []
    for (const [checkpoint, { segments }] of store.checkpoints.entries()) {
      for (const [segment, { hash, rowCount }] of segments.entries()) {
        const data = { modelId, version, checkpoint, segment, rowCount, width, hash }
        events.push(gradientSegmentIndexed(data, metadata))
      }
    }
    const rowCount = fisherRows(rows[i]!.representatives).length
    for (const [checkpoint, { lambdaQ48 }] of store.checkpoints.entries()) {
      const data = { modelId, version, checkpoint, rowCount, width, rowsHash, lambdaQ48 }
      events.push(preconditionerFitted(data, metadata))
    }
    const ofVersion = manifest.calls.filter(
      (call) => call.modelId === modelId && call.version === version,
    )
    const scored = ofVersion.filter(({ queryHash }) => queryHash !== nothing)
    events.push(...scored.map((call) => attributedEvent(manifest, call, metadata)))
    const stream = await openEngineStream(eventLog, attributionStream(chainId, modelId, version))
    await stream.append(events)
  }
  for (const call of manifest.calls.filter(({ queryHash }) => queryHash === nothing)) {
    const name = attributionStream(chainId, call.modelId, call.version)
    const stream = await openEngineStream(eventLog, name)
    await stream.append([attributedEvent(manifest, call, metadata)])
  }
  const epochs = await openEngineStream(eventLog, epochStream(chainId))
  const { epoch, totalEarned, fromBlock, toBlock, toBlockHash, calls, trees } = manifest
  const closed = {
    ...{ epoch, root: trees.rewards.root, totalEarned, manifestHash },
    ...{ fromBlock, toBlock, toBlockHash },
    ...{ calls: calls.length, leaves: trees.rewards.leaves, balances: balancesOf(leaves.rewards) },
  }
  await epochs.append([epochClosed(closed, metadata)])
}

const nothing = sha256(noQuery)

function attributedEvent(
  { epoch }: EpochManifest,
  call: AttributedCall,
  metadata: EngineMetadata,
): IdentifiedEvent {
  const { callId, modelId, version, queryHash, rule, rows, used, weights, shares } = call
  const decided = { rule, rows, used, weights, shares }
  return inferenceAttributed({ callId, modelId, version, epoch, queryHash, ...decided }, metadata)
}
