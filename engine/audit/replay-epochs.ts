import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Decimal, Hex } from '../../schema/events/event.ts'
import { attributionStream, epochStream } from '../../schema/events/streams.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import { fisherRows } from '../attribution/fisher-rows.ts'
import {
  epochClosed,
  gradientSegmentIndexed,
  inferenceAttributed,
  preconditionerFitted,
} from '../epoch/engine-events.ts'
import { type IdentifiedEvent, openEngineStream } from '../epoch/engine-stream.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import type { ChainState } from '../state/chain-state.ts'
import { differsFromProposal } from './differs-from-proposal.ts'
import { firstDifference } from './first-difference.ts'
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
  const { artifacts, state, eventLog, chainId } = options
  const roots: { epoch: Decimal; root: Hex }[] = []
  for (const { data } of state.epochs) {
    const manifest = await readJsonArtifact(artifacts, data.dataHash, epochManifest)
    const rebuilt = await rebuildManifest(manifest, options)
    const difference =
      firstDifference(rebuilt.manifest, manifest) ??
      differsFromProposal(rebuilt.manifest, data.dataHash, state)
    if (difference !== undefined) {
      throw new BaseError('REPLAY_MISMATCH', { facts: { epoch: data.epoch, ...difference } })
    }
    await writeEvents(eventLog, chainId, rebuilt, data.dataHash)
    roots.push({ epoch: data.epoch, root: rebuilt.manifest.root })
    options.onProgress?.(data.epoch)
  }
  return roots
}

async function writeEvents(
  eventLog: EventLog,
  chainId: number,
  { manifest, rows }: RebuiltEpoch,
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
    for (const { fee: _, ...call } of manifest.calls) {
      if (call.modelId !== modelId || call.version !== version) continue
      events.push(inferenceAttributed({ ...call, epoch: manifest.epoch }, metadata))
    }
    const stream = await openEngineStream(eventLog, attributionStream(modelId, version))
    await stream.append(events)
  }
  const epochs = await openEngineStream(eventLog, epochStream(chainId))
  await epochs.append([epochClosed(closedData(manifest, manifestHash), metadata)])
}

function closedData(manifest: EpochManifest, manifestHash: Hex) {
  const { epoch, root, totalEarned, fromBlock, toBlock, toBlockHash, calls, leaves } = manifest
  return {
    epoch,
    root,
    totalEarned,
    manifestHash,
    fromBlock,
    toBlock,
    toBlockHash,
    calls: calls.length,
    leaves: leaves.length,
    balances: leaves,
  }
}
