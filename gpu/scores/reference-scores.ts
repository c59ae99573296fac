import { checkScoreOperands } from './check-score-operands.ts'
import type { ScoreBackend } from './score-backend.ts'

/** Creates the plain TypeScript score backend, the definition that the others must reproduce. */
export function referenceScores(): ScoreBackend {
  return {
    name: 'reference',
    async score(queries, rows, shape) {
      checkScoreOperands(queries, rows, shape)
      const { queryCount, rowCount, width } = shape
      const scores = new Int32Array(queryCount * rowCount)
      for (let query = 0; query < queryCount; query++) {
        for (let row = 0; row < rowCount; row++) {
          let sum = 0
          for (let k = 0; k < width; k++) {
            sum += queries[query * width + k]! * rows[row * width + k]!
          }
          scores[query * rowCount + row] = sum
        }
      }
      return scores
    },
    async close() {},
    async [Symbol.asyncDispose]() {},
  }
}
