import { type ErrorCode, errorCodes } from '../../schema/error-codes.ts'
import { BaseError } from '../../schema/errors.ts'
import type { DecodeFailure } from './decode-job.ts'

/** Makes an error again of a failure that crossed a thread. */
export function toBaseError({ code, facts }: DecodeFailure): BaseError {
  return new BaseError(code in errorCodes ? (code as ErrorCode) : 'INTERNAL', { facts })
}
