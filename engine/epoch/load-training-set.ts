import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { rowId } from '../../schema/codec/row.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Decimal, Hex } from '../../schema/events/event.ts'
import type { TrainingRunManifest } from '../../schema/manifests/training-run.ts'
import {
  type ChainState,
  type Contribution,
  type PublishedVersion,
  versionKey,
} from '../state/chain-state.ts'
import { datasetManifest, trainingRunManifest } from './manifest-schemas.ts'
import { readJsonArtifact } from './read-json-artifact.ts'

/** One row that trained a model version. */
export interface TrainingRow {
  readonly rowId: string
  readonly index: number
  readonly contributor: Hex
  /** Key of the contribution in the row vault. */
  readonly dataHash: Hex
  /**
   * Order of acceptance of the contribution; infinite if it was not accepted when the version was
   * published, so that nothing that happens later changes who represents a cluster.
   */
  readonly precedence: number
}

export interface TrainingSet {
  readonly modelId: Decimal
  readonly version: number
  readonly manifest: TrainingRunManifest
  /** Contributions in id order, row indices ascending: the order of the gradient store. */
  readonly rows: readonly TrainingRow[]
}

/**
 * Reads which rows trained a model version, from the chain's hash of its release.
 *
 * @throws CALL_UNATTRIBUTABLE if the version or a contribution is not on the chain;
 * MANIFEST_INVALID if the release does not say the same as the chain; ARTIFACT_MISSING.
 */
export async function loadTrainingSet(
  state: ChainState,
  artifacts: ArtifactStore,
  modelId: Decimal,
  version: number,
): Promise<TrainingSet> {
  const published = state.versions.get(versionKey(modelId, version))
  if (published === undefined) {
    throw new BaseError('CALL_UNATTRIBUTABLE', { facts: { modelId, version, missing: 'version' } })
  }
  const manifest = await readJsonArtifact(artifacts, published.artefactHash, trainingRunManifest)
  const dataset = await readJsonArtifact(artifacts, manifest.datasetHash, datasetManifest)
  const rows = dataset.contributions.flatMap(({ contributionId, root, rows: indices }) => {
    const contribution = state.contributions.get(contributionId)
    if (contribution === undefined) {
      throw new BaseError('CALL_UNATTRIBUTABLE', {
        facts: { modelId, version, missing: 'contribution', contributionId },
      })
    }
    if (contribution.root !== root || indices.some((index) => index >= contribution.rows)) {
      throw new BaseError('MANIFEST_INVALID', {
        facts: { hash: manifest.datasetHash, contributionId, problem: 'not what the chain holds' },
      })
    }
    return indices.map((index) => ({
      rowId: rowId(contributionId, index),
      index,
      contributor: contribution.contributor,
      dataHash: contribution.dataHash,
      precedence: precedenceOf(contribution, published),
    }))
  })
  if (rows.length === 0 || new Set(rows.map((row) => row.rowId)).size !== rows.length) {
    throw new BaseError('MANIFEST_INVALID', {
      facts: { hash: manifest.datasetHash, problem: 'no rows or a row twice' },
    })
  }
  return { modelId, version, manifest, rows }
}

const precedenceOf = (
  { acceptedAs }: Contribution,
  { acceptedBefore }: PublishedVersion,
): number =>
  acceptedAs !== undefined && acceptedAs < acceptedBefore ? acceptedAs : Number.POSITIVE_INFINITY
