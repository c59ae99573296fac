import { divideRounded } from './divide-rounded.ts'
import { integerSqrt } from './integer-sqrt.ts'

/**
 * Sums the scores of one call over checkpoints, each divided by its root mean square, times 2^16.
 *
 * Per checkpoint with N scores s: r = ⌊√(⌊2^16 · Σs² / N⌋)⌋ is the root mean square times 2^8, and
 * a row adds s · 2^24 / r, rounded half away from zero. A checkpoint with r = 0 adds nothing.
 *
 * @param scores one list per checkpoint, all of the same length, over cluster representatives only,
 * so that copies of a row change nobody's score.
 */
export function combineScores(scores: readonly Int32Array[]): number[] {
  const count = scores[0]?.length ?? 0
  const sums = new Array<number>(count).fill(0)
  for (const line of scores) {
    let squares = 0n
    for (const score of line) squares += BigInt(score) * BigInt(score)
    const rms = integerSqrt((squares << 16n) / BigInt(count))
    if (rms === 0n) continue
    for (let row = 0; row < count; row++) {
      sums[row]! += Number(divideRounded(BigInt(line[row]!) << 24n, rms))
    }
  }
  return sums
}
