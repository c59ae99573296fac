import { onnxScores } from '../../gpu/scores/onnx-scores.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { factoriseGram } from '../attribution/factorise-gram.ts'
import { solveCholesky } from '../attribution/solve-cholesky.ts'
import type { EngineResults, EngineTask, TaskOutcome } from './engine-tasks.ts'
import { takeGradients } from './take-gradients.ts'
import { unsharedScores } from './unshared-scores.ts'

let scores: Promise<ScoreBackend> | undefined

/** Runs one task in a worker thread. */
export async function runTask(
  task: EngineTask,
): Promise<TaskOutcome<EngineResults[EngineTask['kind']]>> {
  try {
    return { ok: true, value: await compute(task) }
  } catch (error) {
    return { ok: false, error: describe(error) }
  }
}

async function compute(task: EngineTask): Promise<EngineResults[EngineTask['kind']]> {
  switch (task.kind) {
    case 'gradients':
      return takeGradients(task)
    case 'score': {
      scores ??= onnxScores({ threads: 1 }).then(unsharedScores)
      return (await scores).score(task.queries, task.rows, task.shape)
    }
    case 'factorise': {
      const { gram, rowCount, lambdaQ48 } = task
      const factor = new Float64Array(new SharedArrayBuffer(8 * rowCount * rowCount))
      factoriseGram(gram, rowCount, lambdaQ48, factor)
      return factor
    }
    case 'solve':
      solveCholesky(task.factor, task.rowCount, task.rightSides)
      return task.rightSides
  }
}

const describe = (error: unknown): unknown =>
  error instanceof Error && 'toJSON' in error && typeof error.toJSON === 'function'
    ? error.toJSON()
    : error
