import { codesLike } from './shared-codes.ts'

/** Copies rows of `width` codes in the given order; all rows in order are returned as they are. */
export function gatherRows(codes: Int8Array, rows: readonly number[], width: number): Int8Array {
  const whole = rows.length * width === codes.length && rows.every((row, i) => row === i)
  if (whole) return codes
  const result = codesLike(codes, rows.length * width)
  rows.forEach((row, i) => {
    result.set(codes.subarray(row * width, (row + 1) * width), i * width)
  })
  return result
}
