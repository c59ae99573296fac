import { attributionMethod } from './attribution-method.ts'
import { combineScores } from './combine-scores.ts'
import { integerSqrt } from './integer-sqrt.ts'
import { standardiseScores } from './standardise-scores.ts'

/** A cluster representative that is paid for a call. */
export interface RowCredit {
  /** Position among the representatives. */
  readonly position: number
  readonly scoreQ16: number
  readonly zMilli: number
}

/**
 * Selects the rows a call pays: standard score of at least 2, best first, at most 32.
 *
 * Nothing is paid by influence when no row stands out of the call's own noise: among 2,000
 * unrelated rows some reach z = 3 by chance, so the best row must reach 6, or √N / 2 if that is less.
 * Ties go to the lower position.
 *
 * @param scores per checkpoint one int32 dot product per representative.
 */
export function creditRows(scores: readonly Int32Array[]): readonly RowCredit[] {
  const { minZMilli, maxRows } = attributionMethod.credit
  const combined = combineScores(scores)
  const standard = standardiseScores(combined)
  const rows = combined
    .map((scoreQ16, position) => ({ position, scoreQ16, zMilli: standard[position]! }))
    .filter((row) => row.scoreQ16 > 0 && row.zMilli >= minZMilli)
    .sort((a, b) => b.scoreQ16 - a.scoreQ16 || a.position - b.position)
    .slice(0, maxRows)
  return (rows[0]?.zMilli ?? 0) >= standOutZMilli(combined.length) ? rows : []
}

function standOutZMilli(rowCount: number): number {
  const { standOutZMilli, standOutRootMilli } = attributionMethod.credit
  const ofRoot = (integerSqrt(BigInt(rowCount) * 1_000_000n) * BigInt(standOutRootMilli)) / 1000n
  return Math.min(standOutZMilli, Number(ofRoot))
}
