/** Cosines and sines of the rotary embedding, [positions, headSize] row-major. */
export interface RopeTables {
  readonly cos: Float32Array<ArrayBuffer>
  readonly sin: Float32Array<ArrayBuffer>
}

/**
 * Computes the tables of the half-rotation layout: angle t·θ^(−2i/headSize), repeated for both
 * halves of a head (RoFormer, arXiv 2104.09864).
 */
export function ropeTables(positions: number, headSize: number, theta: number): RopeTables {
  const cos = new Float32Array(positions * headSize)
  const sin = new Float32Array(positions * headSize)
  const half = headSize / 2
  for (let t = 0; t < positions; t++) {
    for (let i = 0; i < half; i++) {
      const angle = t * theta ** ((-2 * i) / headSize)
      const at = t * headSize + i
      cos[at] = Math.cos(angle)
      sin[at] = Math.sin(angle)
      cos[at + half] = cos[at]!
      sin[at + half] = sin[at]!
    }
  }
  return { cos, sin }
}
