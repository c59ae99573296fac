import { keccak256, toBytes } from 'viem'
import type { Hex } from '../events/event.ts'
import { canonicalJson } from './canonical-json.ts'

/** One row of a text Datanet: a question and the answer it should get. */
export interface Row {
  readonly question: string
  readonly answer: string
}

/** Canonical bytes of a row as text. */
export const canonicalRow = (row: Row): string =>
  canonicalJson({ answer: row.answer, question: row.question })

/** Hash of a row inside its salted leaf. */
export const rowHash = (row: Row): Hex => keccak256(toBytes(canonicalRow(row)))

/** Text a model is trained on; everything after the question is the answer that carries the loss. */
export const rowText = (row: Row): string => `${row.question} ${row.answer}\n`

/** Name of a row across the system. */
export const rowId = (contributionId: string, index: number): string => `${contributionId}:${index}`
