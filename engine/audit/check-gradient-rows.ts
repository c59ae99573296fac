import { BaseError } from '../../schema/errors.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import type { TrainingSet } from '../epoch/load-training-set.ts'
import { firstDifference } from './first-difference.ts'

/**
 * Checks that the rows of a store are the rows that the chain says trained the model, and that each
 * cluster is represented by its row that was accepted first.
 *
 * @throws MANIFEST_INVALID with the first difference.
 */
export function checkGradientRows(rows: GradientRows, trainingSet: TrainingSet): void {
  const first = new Map<number, number>()
  rows.rows.forEach(({ cluster }, row) => {
    const current = first.get(cluster)
    const precedence = trainingSet.rows[row]?.precedence ?? Number.POSITIVE_INFINITY
    if (current === undefined || precedence < trainingSet.rows[current]!.precedence) {
      first.set(cluster, row)
    }
  })
  const difference = firstDifference(
    {
      modelId: trainingSet.modelId,
      modelVersion: trainingSet.version,
      rows: trainingSet.rows.map(({ rowId, contributor }) => ({ rowId, contributor })),
      representatives: [...first.values()].sort((a, b) => a - b),
      numbers: [...first.entries()].sort((a, b) => a[1] - b[1]).map(([cluster]) => cluster),
    },
    {
      modelId: rows.modelId,
      modelVersion: rows.modelVersion,
      rows: rows.rows.map(({ rowId, contributor }) => ({ rowId, contributor })),
      representatives: rows.representatives,
      numbers: rows.representatives.map((_, cluster) => cluster),
    },
  )
  if (difference === undefined) return
  throw new BaseError('MANIFEST_INVALID', {
    facts: { kind: 'gradient-rows', model: rows.modelId, ...difference },
  })
}
