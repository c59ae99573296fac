import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'

/** Lets a backend take shared operands, which native ones refuse, by copying them. */
export const unsharedScores = (backend: ScoreBackend): ScoreBackend => ({
  name: backend.name,
  score: (queries, rows, shape) => backend.score(unshared(queries), unshared(rows), shape),
  close: () => backend.close(),
  [Symbol.asyncDispose]: () => backend.close(),
})

const unshared = (codes: Int8Array): Int8Array =>
  codes.buffer instanceof SharedArrayBuffer ? codes.slice() : codes
