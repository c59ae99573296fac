import { attributionMethod } from './attribution-method.ts'

export interface SignProjection {
  /** Components of the result. */
  readonly width: number
  readonly seed: number
}

/**
 * Projects vectors by a dense matrix of signs that is never stored.
 *
 * The signs of input j for outputs 32w … 32w + 31 are the bits of a hash of (seed, j, w), so any
 * part of the matrix can be made anywhere in any order.
 *
 * @param vectors `[count, size]` row-major.
 * @returns `[count, width]` row-major, not normalised.
 */
export function projectSigns(
  vectors: Float32Array,
  count: number,
  projection: SignProjection = attributionMethod.projection,
): Float64Array {
  const { width, seed } = projection
  const size = vectors.length / count
  const words = Math.ceil(width / 32)
  const result = new Float64Array(count * width)
  const signs = new Int8Array(words * 32)
  for (let j = 0; j < size; j++) {
    for (let word = 0; word < words; word++) {
      const bits = signBits(seed, j, word)
      for (let bit = 0; bit < 32; bit++) signs[word * 32 + bit] = (bits >>> bit) & 1 ? 1 : -1
    }
    for (let row = 0; row < count; row++) {
      const value = vectors[row * size + j]!
      if (value === 0) continue
      const start = row * width
      for (let k = 0; k < width; k++) result[start + k]! += value * signs[k]!
    }
  }
  return result
}

/** Hashes a counter to 32 bits with two rounds of the finaliser of MurmurHash3 (public domain). */
function signBits(seed: number, row: number, word: number): number {
  return mix(mix(mix(seed ^ 0x9e37_79b9) ^ row) ^ Math.imul(word + 1, 0x85eb_ca6b))
}

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return h ^ (h >>> 16)
}
