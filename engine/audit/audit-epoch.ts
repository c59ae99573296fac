import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Decimal, Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import type { ChainState } from '../state/chain-state.ts'
import { auditDeep, type DeepAuditReport, type DeepAuditSources } from './audit-deep.ts'
import type { Difference } from './first-difference.ts'
import { manifestDifference } from './manifest-difference.ts'
import { proposalDifference } from './proposal-difference.ts'
import { rebuildManifest } from './rebuild-manifest.ts'

export interface AuditOptions {
  readonly manifestHash: Hex
  readonly artifacts: ArtifactStore
  /** Any backend; `referenceScores()` trusts nothing but JavaScript. */
  readonly backend: ScoreBackend
  /** Facts of the chain up to the epoch's last block or later. */
  readonly state: ChainState
  /** Also checks what came before the integers; needs the texts. */
  readonly deep?: DeepAuditSources
  readonly signal?: AbortSignal
}

export interface AuditReport {
  readonly manifestHash: Hex
  readonly ok: boolean
  readonly epoch?: Decimal
  /** The root that the chain and artifacts imply. */
  readonly root?: Hex
  /** What was computed again. */
  readonly checked: { readonly calls: number; readonly scores: number; readonly leaves: number }
  /** Where the manifest first says something else than what was computed. */
  readonly difference?: Difference
  /** What made the audit impossible, such as a missing artifact. */
  readonly problem?: { readonly code: string; readonly facts: Readonly<Record<string, string>> }
  readonly deep?: DeepAuditReport
}

const nothing = { calls: 0, scores: 0, leaves: 0 }

/**
 * Recomputes an epoch from the chain and artifacts and compares everything with its manifest.
 *
 * Expected failures are findings in the report, not errors.
 */
export async function auditEpoch(options: AuditOptions): Promise<AuditReport> {
  const { manifestHash, artifacts, state, deep } = options
  try {
    const manifest = await readJsonArtifact(artifacts, manifestHash, epochManifest)
    const rebuilt = await rebuildManifest(manifest, options)
    const difference =
      (await manifestDifference(rebuilt, manifest, artifacts)) ??
      standingDifference(rebuilt.manifest, manifestHash, state)
    const { epoch, trees } = rebuilt.manifest
    const deepReport =
      deep && (await auditDeep(manifest, rebuilt.rows, { ...options, ...deep, state }))
    return {
      manifestHash,
      ok: difference === undefined && (deepReport?.ok ?? true),
      epoch,
      root: trees.rewards.root,
      checked: {
        calls: rebuilt.manifest.calls.length,
        scores: rebuilt.scores,
        leaves: trees.rewards.leaves,
      },
      ...(difference === undefined ? {} : { difference }),
      ...(deepReport === undefined ? {} : { deep: deepReport }),
    }
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    const { code, facts } = error.toJSON()
    return { manifestHash, ok: false, checked: nothing, problem: { code, facts } }
  }
}

/** A rejected proposal may say anything; one that stands must say what the manifest says. */
function standingDifference(manifest: EpochManifest, manifestHash: Hex, { epochs }: ChainState) {
  return epochs
    .filter(({ data, status }) => data.dataHash === manifestHash && status !== 'rejected')
    .map(({ data }) => proposalDifference(manifest, manifestHash, data))
    .find((difference) => difference !== undefined)
}
