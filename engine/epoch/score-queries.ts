import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'

/**
 * Scores queries of one checkpoint against the rows of the store.
 *
 * @param queries `[queryCount, width]` conditioned codes.
 * @param codes `[rowCount, width]` of all rows.
 * @returns per query one dot product per representative.
 */
export async function scoreQueries(
  queries: Int8Array,
  codes: Int8Array,
  width: number,
  representatives: readonly number[],
  backend: ScoreBackend,
): Promise<readonly Int32Array[]> {
  const queryCount = queries.length / width
  const rowCount = codes.length / width
  const all = await backend.score(queries, codes, { queryCount, rowCount, width })
  return Array.from({ length: queryCount }, (_, query) =>
    Int32Array.from(representatives, (row) => all[query * rowCount + row]!),
  )
}
