import { createSeededRandom, shuffled } from '../../../gpu/training/seeded-random.ts'
import type { Row } from './row-types.ts'

const edits: readonly ((row: Row) => Row)[] = [
  (row) => row,
  (row) => ({ ...row, question: row.question.toLowerCase() }),
  (row) => ({ ...row, question: row.question.replace(/[?:]$/, '') }),
  (row) => ({ ...row, question: row.question.replace(/^What is the /, "What's the ") }),
]

/** Picks rows of another account and re-uploads them, verbatim or with an edit of a few bytes. */
export function copiedRows(originals: readonly Row[], count: number, seed: number): Row[] {
  const picked = shuffled(originals, createSeededRandom(seed)).slice(0, count)
  return picked.map((row, index) => edits[index % edits.length]!(row))
}
