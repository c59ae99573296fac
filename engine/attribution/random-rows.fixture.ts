import { createSeededRandom } from '../../gpu/training/seeded-random.ts'
import { quantiseRow } from './quantise-row.ts'

/** Normal numbers by Box and Muller from a seed. */
export function normalNumbers(count: number, seed: number): Float64Array {
  const random = createSeededRandom(seed, 77)
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
    return radius * Math.cos(2 * Math.PI * random.next())
  })
}

/** Quantises each row of `[rowCount, width]` values. */
export function quantiseRows(values: Float64Array, width: number): Int8Array {
  const codes = new Int8Array(values.length)
  for (let at = 0; at < values.length; at += width) {
    quantiseRow(values.subarray(at, at + width), codes.subarray(at, at + width))
  }
  return codes
}
