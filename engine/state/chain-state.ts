import type { EpochProposed } from '../../schema/events/epoch.ts'
import type { ChainMetadata, Decimal, Hex } from '../../schema/events/event.ts'
import type { InferenceRecorded } from '../../schema/events/inference.ts'
import type { ModelRegistered, TermsSet, TrainingRunRecorded } from '../../schema/events/model.ts'

export interface Contribution {
  readonly contributionId: Decimal
  readonly datanetId: Decimal
  readonly contributor: Hex
  readonly root: Hex
  readonly rows: number
  readonly dataHash: Hex
  /** Position among all acceptances of the chain, from 0; undefined while not accepted. */
  readonly acceptedAs: number | undefined
}

/** A recorded call with where it was recorded and what its batch says. */
export type RecordedCall = InferenceRecorded['data'] & {
  readonly blockNumber: number
  /** Seconds since 1970 of that block. */
  readonly recordedAt: number
  /** sha256 of the batch manifest; undefined for a committed batch, which has no citations. */
  readonly batchDataHash: Hex | undefined
  /** Acceptances before the call: a contribution accepted as a lower number was accepted then. */
  readonly acceptedBefore: number
}

export interface PublishedVersion {
  readonly runId: Decimal
  readonly artefactHash: Hex
  readonly blockNumber: number
  /** Acceptances before the version was published. */
  readonly acceptedBefore: number
}

export interface ProposedEpoch {
  readonly data: EpochProposed['data']
  readonly metadata: ChainMetadata
  readonly status: 'proposed' | 'active' | 'rejected'
}

/** What the engine knows of the chain; keys of versions and terms are `<modelId>@<number>`. */
export interface ChainState {
  readonly contributions: ReadonlyMap<Decimal, Contribution>
  readonly models: ReadonlyMap<Decimal, ModelRegistered['data']>
  readonly runs: ReadonlyMap<Decimal, TrainingRunRecorded['data']>
  readonly versions: ReadonlyMap<string, PublishedVersion>
  readonly terms: ReadonlyMap<string, TermsSet['data']>
  /** In chain order. */
  readonly calls: readonly RecordedCall[]
  /** In chain order. */
  readonly epochs: readonly ProposedEpoch[]
  readonly funded: bigint
}

export const versionKey = (modelId: Decimal, version: number): string => `${modelId}@${version}`
