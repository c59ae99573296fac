import type { ScoreShape } from '../../gpu/scores/score-backend.ts'
import type { Row } from '../../schema/codec/row.ts'

/** Takes the gradients of rows at one checkpoint; gives int8 codes `[rows.length, width]`. */
export interface GradientTask {
  readonly kind: 'gradients'
  readonly baseModelDir: string
  readonly adapterConfig: Uint8Array
  /** sha256 of `weights`; the decoded adapter is kept under it. */
  readonly checkpointHash: string
  readonly weights: Uint8Array
  /** `null` for an erased row, whose codes are zero. */
  readonly rows: readonly (Row | null)[]
}

/** Multiplies on the default backend; gives int32 `[queryCount, rowCount]`. */
export interface ScoreTask {
  readonly kind: 'score'
  readonly queries: Int8Array
  readonly rows: Int8Array
  readonly shape: ScoreShape
}

/** Factorises GGᵀ + nλI; gives float64 `[rowCount, rowCount]`. */
export interface FactoriseTask {
  readonly kind: 'factorise'
  readonly gram: Int32Array
  readonly rowCount: number
  readonly lambdaQ48: bigint
}

/** Solves for right-hand sides `[count, rowCount]`; gives the solutions. */
export interface SolveTask {
  readonly kind: 'solve'
  readonly factor: Float64Array
  readonly rowCount: number
  readonly rightSides: Float64Array
}

export interface EngineResults {
  readonly gradients: Int8Array
  readonly score: Int32Array
  readonly factorise: Float64Array
  readonly solve: Float64Array
}

export type EngineTask = GradientTask | ScoreTask | FactoriseTask | SolveTask

/** Errors cross a thread as data: structured clone drops their codes. */
export type TaskOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown }
