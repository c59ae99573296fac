import MiniSearch from 'minisearch'
import { createSeededRandom } from '../../gpu/training/seeded-random.ts'
import type { Credit, KnownCall } from './attribution-figures.ts'

/** A training row as the baselines see it. */
export interface BaselineRow {
  readonly rowId: string
  readonly account: string
  readonly answer: string
  readonly text: string
}

/** Rows that a baseline credits at most; the same cap as the paying rule. */
const maxRows = 32

/** Credits rows by BM25 of question and given answer against question and answer of each row. */
export function createBm25Credit(rows: readonly BaselineRow[]): (call: KnownCall) => Credit {
  const index = new MiniSearch<BaselineRow>({ idField: 'rowId', fields: ['text'] })
  index.addAll(rows)
  const accounts = accountsById(rows)
  return (call) =>
    toCredit(
      index
        .search(`${call.question} ${call.givenAnswer}`)
        .slice(0, maxRows)
        .map(({ id, score }) => ({ rowId: String(id), weight: score })),
      accounts,
    )
}

/** Credits as many rows as the paying rule may, drawn and weighted at random. */
export function createRandomCredit(
  rows: readonly BaselineRow[],
  seed: number,
): (call: KnownCall) => Credit {
  const random = createSeededRandom(seed)
  const accounts = accountsById(rows)
  return () =>
    toCredit(
      Array.from({ length: maxRows }, () => ({
        rowId: rows[random.below(rows.length)]?.rowId ?? '',
        weight: 1 + random.below(1000),
      })),
      accounts,
    )
}

const accountsById = (rows: readonly BaselineRow[]): ReadonlyMap<string, string> =>
  new Map(rows.map(({ rowId, account }) => [rowId, account]))

function toCredit(rows: Credit['rows'], accountOf: ReadonlyMap<string, string>): Credit {
  const accounts = new Map<string, number>()
  for (const { rowId, weight } of rows) {
    const account = accountOf.get(rowId)
    if (account !== undefined) accounts.set(account, (accounts.get(account) ?? 0) + weight)
  }
  return { rows, accounts }
}
