import { createHash } from 'node:crypto'
import type { Credit } from './attribution-figures.ts'

const hands = 8

/** Names the imaginary contributor that a fact falls to. */
export function dealFact(answer: string): string {
  const digest = createHash('sha256').update(answer).digest()
  return `hand ${digest.readUInt32BE(0) % hands}`
}

/** Credits imaginary contributors with the weights of the rows whose facts fell to them. */
export function dealCredit(
  credit: Credit,
  answerOf: (rowId: string) => string | undefined,
): Credit {
  const accounts = new Map<string, number>()
  for (const { rowId, weight } of credit.rows) {
    const hand = dealFact(answerOf(rowId) ?? '')
    accounts.set(hand, (accounts.get(hand) ?? 0) + weight)
  }
  return { rows: credit.rows, accounts }
}
