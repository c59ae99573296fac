import type { ErrorCode } from '../schema/error-codes.ts'
import { BaseError, type ErrorClass, isErrorWithCode } from '../schema/errors.ts'

const statusOfClass: Readonly<Record<ErrorClass, number>> = {
  usage: 400,
  input: 400,
  conflict: 409,
  integrity: 502,
  unavailable: 503,
  internal: 500,
}

const statusOfCode: Partial<Record<ErrorCode, number>> = {
  CALL_UNKNOWN: 404,
  ESCROW_UNDERFUNDED: 402,
  LANE_BUSY: 429,
  REQUEST_TOO_LARGE: 413,
  UNKNOWN_MODEL: 404,
  VOUCHER_BAD_SIGNATURE: 401,
  VOUCHER_KEY_EXPIRED: 401,
  VOUCHER_KEY_OVER_CAP: 402,
  VOUCHER_KEY_UNKNOWN: 401,
  VOUCHER_MISSING: 402,
  VOUCHER_TOO_LOW: 402,
}

/** An error as an OpenAI client expects it, with our code and facts. */
export interface ErrorAnswer {
  readonly status: number
  readonly body: {
    readonly error: ReturnType<BaseError['toJSON']> & { readonly type: ErrorClass; param: null }
  }
}

/** Turns whatever was thrown into an answer; unknown failures say nothing about themselves. */
export function describeError(thrown: unknown): ErrorAnswer {
  const error =
    thrown instanceof BaseError && isErrorWithCode(thrown) ? thrown : new BaseError('INTERNAL')
  const status = statusOfCode[error.code] ?? statusOfClass[error.class]
  return { status, body: { error: { ...error.toJSON(), type: error.class, param: null } } }
}
