import { attributionMethod } from './attribution-method.ts'
import type { DisjointSets } from './disjoint-sets.ts'

/**
 * Merges rows whose gradients point the same way, which catches copies laundered through synonyms.
 *
 * The test cos > .98 is exact: dot² · 1000² > 980² · |a|² · |b|² in integers.
 *
 * @param gram `[rows.length, rows.length]` dot products of int8 codes at the last checkpoint.
 */
export function mergeSimilarGradients(
  rows: readonly number[],
  gram: Int32Array,
  sets: DisjointSets,
): void {
  const count = rows.length
  const limit = attributionMethod.clusters.minCosineMilli
  // A float is a safe filter: its error is far below the margin of one thousandth.
  const filter = ((limit - 1) / 1000) ** 2
  const exact = BigInt(limit) ** 2n
  for (let a = 0; a < count; a++) {
    const squareA = gram[a * count + a]!
    for (let b = 0; b < a; b++) {
      const dot = gram[a * count + b]!
      const squareB = gram[b * count + b]!
      if (dot <= 0 || dot * dot <= filter * squareA * squareB) continue
      if (BigInt(dot) ** 2n * 1_000_000n > exact * BigInt(squareA) * BigInt(squareB)) {
        sets.merge(rows[a]!, rows[b]!)
      }
    }
  }
}
