import type { Row } from './row-types.ts'
import { seededRandom } from './seeded-random.ts'

const edits: readonly ((row: Row) => Row)[] = [
  (row) => row,
  (row) => ({ ...row, question: row.question.toLowerCase() }),
  (row) => ({ ...row, question: row.question.replace(/[?:]$/, '') }),
  (row) => ({ ...row, question: row.question.replace(/^What is the /, "What's the ") }),
]

/** Picks rows of another account and re-uploads them, verbatim or with an edit of a few bytes. */
export function copiedRows(originals: readonly Row[], count: number, seed: number): Row[] {
  const picked = seededRandom(seed).shuffle(originals).slice(0, count)
  return picked.map((row, index) => edits[index % edits.length]!(row))
}
