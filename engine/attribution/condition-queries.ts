import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { attributionMethod } from './attribution-method.ts'
import { quantiseRow } from './quantise-row.ts'
import { transposeCodes } from './transpose-codes.ts'

/** Damped Fisher matrix of one checkpoint in row space. */
export interface Preconditioner {
  /** Rows that entered F. */
  readonly rowCount: number
  readonly width: number
  /** `[rowCount, width]` int8 codes. */
  readonly codes: Int8Array
  /** Solves (nλI + GGᵀ)·y = b in place for right-hand sides `[count, rowCount]`. */
  solve(rightSides: Float64Array): Promise<Float64Array>
}

/**
 * Applies (F + λI)⁻¹ to query rows: u ∝ q − Gᵀ(nλI + GGᵀ)⁻¹Gq, quantised to int8 again.
 *
 * The products with G are exact integers on any backend, the solution is float64 in one fixed order
 * and enters the second product as 15-bit integers in two int8 planes. So every machine computes the
 * same codes. Source: Woodbury identity; damped empirical Fisher as in arXiv 2303.14186 and TRAK.
 *
 * @param queries `[count, width]` int8 codes.
 */
export async function conditionQueries(
  queries: Int8Array,
  preconditioner: Preconditioner,
  backend: ScoreBackend,
): Promise<Int8Array> {
  const { rowCount, width, codes } = preconditioner
  const queryCount = queries.length / width
  const products = await backend.score(queries, codes, { queryCount, rowCount, width })
  const solution = await preconditioner.solve(Float64Array.from(products))
  const { planes, steps } = splitSolution(solution, queryCount, rowCount)
  const sums = await backend.score(planes, transposeCodes(codes, rowCount, width), {
    queryCount: 2 * queryCount,
    rowCount: width,
    width: rowCount,
  })
  const conditioned = new Int8Array(queries.length)
  const row = new Float64Array(width)
  for (let query = 0; query < queryCount; query++) {
    const high = 2 * query * width
    for (let j = 0; j < width; j++) {
      const projected = 128 * sums[high + j]! + sums[high + width + j]!
      row[j] = queries[query * width + j]! - projected * steps[query]!
    }
    quantiseRow(row, conditioned.subarray(query * width, (query + 1) * width))
  }
  return conditioned
}

/** Writes y as step · (128 · high + low) with two int8 planes per query. */
function splitSolution(solution: Float64Array, queryCount: number, rowCount: number) {
  const planes = new Int8Array(2 * queryCount * rowCount)
  const steps = new Float64Array(queryCount)
  for (let query = 0; query < queryCount; query++) {
    const values = solution.subarray(query * rowCount, (query + 1) * rowCount)
    let largest = 0
    for (const value of values) largest = Math.max(largest, Math.abs(value))
    if (largest === 0) continue
    const step = largest / attributionMethod.fisher.solutionMax
    steps[query] = step
    const at = 2 * query * rowCount
    for (let i = 0; i < rowCount; i++) {
      const code = Math.round(values[i]! / step)
      const high = Math.round(code / 128)
      planes[at + i] = high
      planes[at + rowCount + i] = code - 128 * high
    }
  }
  return { planes, steps }
}
