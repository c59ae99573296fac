import { BaseError } from '../../schema/errors.ts'
import type { DecodeFailure } from './decode-job.ts'

/** Turns any error into its code and facts; an unexpected one becomes `INTERNAL` with its message. */
export function describeFailure(error: unknown): DecodeFailure {
  const failure = error instanceof BaseError ? error : new BaseError('INTERNAL', { cause: error })
  const { code, facts } = failure.toJSON()
  const cause = failure.cause instanceof Error ? { cause: failure.cause.message } : {}
  return { code, facts: { ...cause, ...facts } }
}
