import { attributionMethod } from './attribution-method.ts'
import { canonicalText } from './canonical-text.ts'
import type { DisjointSets } from './disjoint-sets.ts'
import { minHashSignature } from './min-hash-signature.ts'
import { tokenShingles } from './token-shingles.ts'

/**
 * Merges rows with the same canonical text or with nearly the same words.
 *
 * MinHash with locality-sensitive hashing proposes pairs; the exact Jaccard similarity of their
 * word 3-shingles decides, so a hash collision never merges anything.
 */
export function mergeSimilarTexts(texts: readonly string[], sets: DisjointSets): void {
  const { shingleTokens, bands, bandRows } = attributionMethod.clusters
  const firstOfText = new Map<string, number>()
  const distinct: number[] = []
  texts.forEach((text, row) => {
    const canonical = canonicalText(text)
    const first = firstOfText.get(canonical)
    if (first !== undefined) {
      sets.merge(first, row)
      return
    }
    firstOfText.set(canonical, row)
    distinct.push(row)
  })
  const shingles = new Map(distinct.map((row) => [row, tokenShingles(texts[row]!, shingleTokens)]))
  const signatures = new Map(
    distinct.map((row) => [row, minHashSignature(shingles.get(row)!, bands * bandRows)]),
  )
  for (let band = 0; band < bands; band++) {
    const buckets = new Map<string, number[]>()
    for (const row of distinct) {
      const key = signatures
        .get(row)!
        .subarray(band * bandRows, (band + 1) * bandRows)
        .join()
      const bucket = buckets.get(key)
      if (bucket === undefined) buckets.set(key, [row])
      else bucket.push(row)
    }
    for (const bucket of buckets.values()) mergeBucket(bucket, shingles, sets)
  }
}

function mergeBucket(
  rows: readonly number[],
  shingles: ReadonlyMap<number, ReadonlySet<number>>,
  sets: DisjointSets,
): void {
  for (let a = 1; a < rows.length; a++) {
    for (let b = 0; b < a; b++) {
      if (sets.find(rows[a]!) === sets.find(rows[b]!)) continue
      if (areSimilar(shingles.get(rows[a]!)!, shingles.get(rows[b]!)!)) {
        sets.merge(rows[a]!, rows[b]!)
      }
    }
  }
}

function areSimilar(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let shared = 0
  for (const shingle of small) if (large.has(shingle)) shared++
  const union = a.size + b.size - shared
  return shared * 1000 >= union * attributionMethod.clusters.minJaccardMilli
}
