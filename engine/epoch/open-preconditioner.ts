import { gramMatrix } from '../../gpu/scores/gram-matrix.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import type { Preconditioner } from '../attribution/condition-queries.ts'
import { fisherRows } from '../attribution/fisher-rows.ts'
import { gatherRows } from '../attribution/gather-rows.ts'
import type { EnginePool } from '../workers/create-engine-pool.ts'

/**
 * Factorises the damped Fisher matrix of one checkpoint in row space.
 *
 * Without damping all rows are zero and there is nothing to solve.
 */
export async function openPreconditioner(
  checkpoint: { readonly codes: Int8Array; readonly lambdaQ48: bigint },
  rows: GradientRows,
  backend: ScoreBackend,
  pool: Pick<EnginePool, 'run'>,
): Promise<Preconditioner> {
  const chosen = fisherRows(rows.representatives)
  const rowCount = chosen.length
  const width = checkpoint.codes.length / rows.rows.length
  const codes = gatherRows(checkpoint.codes, chosen, width)
  if (checkpoint.lambdaQ48 === 0n) {
    return { rowCount, width, codes, solve: async (rightSides) => rightSides.fill(0) }
  }
  const gram = await gramMatrix(backend, codes, { rowCount, width })
  const { lambdaQ48 } = checkpoint
  const factor = await pool.run({ kind: 'factorise', gram, rowCount, lambdaQ48 })
  return {
    rowCount,
    width,
    codes,
    solve: (rightSides) => pool.run({ kind: 'solve', factor, rowCount, rightSides }),
  }
}
