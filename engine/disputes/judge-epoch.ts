import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { type AuditReport, auditEpoch } from '../audit/audit-epoch.ts'
import { type Difference, firstDifference } from '../audit/first-difference.ts'
import { proposalDifference } from '../audit/proposal-difference.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import type { ChainState } from '../state/chain-state.ts'
import type { Accusation } from './accusation.ts'
import { accuseEpoch } from './accuse-epoch.ts'
import type { AccusedEpoch } from './accused-epoch.ts'
import type { DisputesSource } from './disputes-client.ts'
import { findFaults } from './find-faults.ts'
import type { KnownEpoch } from './open-epoch.ts'
import type { ProvableFault } from './provable-fault.ts'

/** What a re-computation of a proposed epoch found. */
export interface EpochVerdict {
  readonly accused: AccusedEpoch
  /**
   * `faulty`: provable on-chain. `doubtful`: wrong or withheld, but not provable from what is known; a
   * dispute decides. `honest`: everything was computed again and is the same.
   */
  readonly verdict: 'honest' | 'faulty' | 'doubtful'
  readonly faults: readonly ProvableFault[]
  /** Trees that nobody published the leaves of. */
  readonly withheld: readonly string[]
  /** First thing that differs from the re-computation. */
  readonly difference?: Difference
  /** What made the re-computation impossible. */
  readonly problem?: NonNullable<AuditReport['problem']>
}

/**
 * Computes a proposed epoch again and looks for faults that can be proven.
 *
 * @param given.state facts of the chain up to the epoch's last block or later.
 */
export async function judgeEpoch(
  source: DisputesSource,
  accused: AccusedEpoch,
  given: {
    readonly artifacts: ArtifactStore
    readonly backend: ScoreBackend
    readonly state: ChainState
    readonly known?: KnownEpoch | undefined
    readonly signal?: AbortSignal
  },
): Promise<EpochVerdict> {
  const accusation = await accuseEpoch(source, accused, given)
  const faults = await findFaults(accusation)
  const { rewards, credits, calls } = accusation.opening
  const withheld = Object.entries({ rewards, credits, calls }).flatMap(([name, open]) =>
    open === undefined ? [name] : [],
  )
  if (faults.length > 0) return { accused, verdict: 'faulty', faults, withheld }
  const { artifacts, backend, state, signal } = given
  const report = await auditEpoch({
    ...{ manifestHash: accused.proposal.dataHash, artifacts, backend, state },
    ...(signal === undefined ? {} : { signal }),
  })
  const { problem } = report
  const difference =
    report.difference ?? (report.ok ? await headDifference(accusation, given) : undefined)
  const honest = report.ok && difference === undefined && withheld.length === 0
  return {
    accused,
    verdict: honest ? 'honest' : 'doubtful',
    faults,
    withheld,
    ...(difference === undefined ? {} : { difference }),
    ...(problem === undefined ? {} : { problem }),
  }
}

/** Compares what an audit takes from the manifest with what the chain says. */
async function headDifference(
  { accused, payees }: Accusation,
  { artifacts, state }: { readonly artifacts: ArtifactStore; readonly state: ChainState },
): Promise<Difference | undefined> {
  const { proposal, previousEpoch } = accused
  const manifest = await readJsonArtifact(artifacts, proposal.dataHash, epochManifest)
  const previous = state.epochs.find(({ data }) => data.epoch === String(previousEpoch))
  const { payees: found } = manifest
  return (
    proposalDifference(manifest, proposal.dataHash, proposal) ??
    firstDifference(
      { payees, previous: previous?.data.dataHash ?? null },
      { payees: found, previous: manifest.previous },
    )
  )
}
