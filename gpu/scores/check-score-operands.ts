import { BaseError } from '../../schema/errors.ts'
import type { ScoreShape } from './score-backend.ts'

/**
 * The largest width whose sums of u8 × s8 products fit an int32: 66,311 · 255 · 127 < 2³¹.
 *
 * All backends enforce it, also those without an unsigned operand, so that no width works on one
 * device and fails on another.
 */
export const maxScoreWidth = 66_311

/** Throws `SCORE_OPERANDS_INVALID` unless both operands have the lengths that `shape` says. */
export function checkScoreOperands(queries: Int8Array, rows: Int8Array, shape: ScoreShape): void {
  const { queryCount, rowCount, width } = shape
  const whole = [queryCount, rowCount, width].every((n) => Number.isSafeInteger(n) && n >= 0)
  const fits =
    whole &&
    width >= 1 &&
    width <= maxScoreWidth &&
    queries.length === queryCount * width &&
    rows.length === rowCount * width
  if (fits) return
  throw new BaseError('SCORE_OPERANDS_INVALID', {
    facts: {
      queryCount,
      rowCount,
      width,
      queryCodes: queries.length,
      rowCodes: rows.length,
      maxWidth: maxScoreWidth,
    },
  })
}
