import { divideRounded } from './divide-rounded.ts'
import { integerSqrt } from './integer-sqrt.ts'

/**
 * Computes standard scores times 1,000 in integers.
 *
 * With N values x, S = Σx and Q = Σx²: z = 1000 · (N·x − S) / ⌊√(N·Q − S²)⌋, rounded half away from
 * zero; all zero when the values are equal.
 */
export function standardiseScores(values: readonly number[]): number[] {
  const count = BigInt(values.length)
  let sum = 0n
  let squares = 0n
  for (const value of values) {
    sum += BigInt(value)
    squares += BigInt(value) * BigInt(value)
  }
  const spread = integerSqrt(count * squares - sum * sum)
  if (spread === 0n) return values.map(() => 0)
  return values.map((value) => Number(divideRounded(1000n * (count * BigInt(value) - sum), spread)))
}
