import { gramMatrix } from '../../gpu/scores/gram-matrix.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import type { Preconditioner } from './condition-queries.ts'
import { dampingQ48 } from './damping.ts'
import { factoriseGram } from './factorise-gram.ts'
import { solveCholesky } from './solve-cholesky.ts'
import { sumSquares } from './sum-squares.ts'

/** Fits a preconditioner on all rows, on the calling thread. */
export async function directPreconditioner(
  codes: Int8Array,
  width: number,
  backend: ScoreBackend,
): Promise<Preconditioner & { readonly lambdaQ48: bigint }> {
  const rowCount = codes.length / width
  const lambdaQ48 = dampingQ48(sumSquares(codes), rowCount, width)
  const gram = await gramMatrix(backend, codes, { rowCount, width })
  const factor = new Float64Array(rowCount * rowCount)
  factoriseGram(gram, rowCount, lambdaQ48, factor)
  return {
    rowCount,
    width,
    codes,
    lambdaQ48,
    async solve(rightSides) {
      solveCholesky(factor, rowCount, rightSides)
      return rightSides
    },
  }
}
