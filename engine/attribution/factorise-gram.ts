import { gramDamping } from './damping.ts'
import { factoriseCholesky } from './factorise-cholesky.ts'

/**
 * Factorises GGᵀ + nλI for `solveCholesky`.
 *
 * @param gram `[rowCount, rowCount]` exact dot products of the rows of G.
 * @param factor receives the factor; `rowCount²` numbers.
 */
export function factoriseGram(
  gram: Int32Array,
  rowCount: number,
  lambdaQ48: bigint,
  factor: Float64Array,
): void {
  const damping = gramDamping(lambdaQ48, rowCount)
  factor.set(gram)
  for (let i = 0; i < rowCount; i++) factor[i * rowCount + i]! += damping
  factoriseCholesky(factor, rowCount)
}
