/**
 * Computes a MinHash signature (Broder 1997): per hash function the least hash of the set.
 *
 * Two sets agree in a place with probability equal to their Jaccard similarity.
 */
export function minHashSignature(shingles: ReadonlySet<number>, size: number): Uint32Array {
  const signature = new Uint32Array(size).fill(0xffff_ffff)
  for (const shingle of shingles) {
    for (let i = 0; i < size; i++) {
      let h = Math.imul(shingle ^ Math.imul(i + 1, 0x9e37_79b1), 0x85eb_ca6b)
      h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
      h = (h ^ (h >>> 16)) >>> 0
      if (h < signature[i]!) signature[i] = h
    }
  }
  return signature
}
