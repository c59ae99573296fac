import { gramMatrix } from '../../gpu/scores/gram-matrix.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import type { Row } from '../../schema/codec/row.ts'
import { rowText } from '../../schema/codec/row.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { disjointSets } from '../attribution/disjoint-sets.ts'
import { gatherRows } from '../attribution/gather-rows.ts'
import { mergeSimilarGradients } from '../attribution/merge-similar-gradients.ts'
import { mergeSimilarTexts } from '../attribution/merge-similar-texts.ts'
import { numberClusters } from '../attribution/number-clusters.ts'
import type { TrainingSet } from './load-training-set.ts'

/**
 * Groups near-duplicate rows: by text, then by gradient at the last checkpoint; the row that was
 * accepted first represents its group.
 *
 * @param texts in the order of the training rows; `null` where erased.
 * @param last codes of the last checkpoint, or undefined if there is none.
 */
export async function groupRows(
  trainingSet: TrainingSet,
  texts: readonly (Row | null)[],
  last: Int8Array | undefined,
  backend: ScoreBackend,
): Promise<GradientRows> {
  const { rows } = trainingSet
  const sets = disjointSets(rows.length)
  // An erased row is alike only to itself; a row's text cannot hold the control character.
  mergeSimilarTexts(
    rows.map((row, i) => (texts[i] ? rowText(texts[i]) : `\u0000${row.rowId.replace(':', '_')}`)),
    sets,
  )
  if (last !== undefined) {
    const distinct = rows.map((_, row) => row).filter((row) => sets.find(row) === row)
    const width = last.length / rows.length
    const gathered = gatherRows(last, distinct, width)
    const gram = await gramMatrix(backend, gathered, { rowCount: distinct.length, width })
    mergeSimilarGradients(distinct, gram, sets)
  }
  const { clusterOf, representatives } = numberClusters(
    sets,
    rows.map((row) => row.precedence),
  )
  return {
    kind: 'gradient-rows',
    version: 1,
    modelId: trainingSet.modelId,
    modelVersion: trainingSet.version,
    rows: rows.map((row, i) => ({
      rowId: row.rowId,
      contributor: row.contributor,
      cluster: clusterOf[i]!,
    })),
    representatives,
  }
}
