import { type ErrorCode, errorCodes } from '../../schema/error-codes.ts'
import { BaseError } from '../../schema/errors.ts'

/** An error as HTTP status and body in OpenAI's shape, with our code, facts and docs link. */
export interface ErrorResponse {
  readonly status: 400 | 404 | 409 | 500 | 503
  readonly body: {
    readonly error: {
      readonly message: string
      readonly type: 'invalid_request_error' | 'server_error'
      readonly code: string
      readonly facts: Readonly<Record<string, string>>
      readonly docs: string
    }
  }
}

const notFound: readonly ErrorCode[] = ['UNKNOWN_MODEL', 'ROUTE_UNKNOWN']
// A damaged file that a caller names is the caller's mistake.
const named: readonly ErrorCode[] = ['SAFETENSORS_INVALID']

function statusOf(code: ErrorCode): ErrorResponse['status'] {
  if (notFound.includes(code)) return 404
  if (named.includes(code)) return 400
  switch (errorCodes[code].class) {
    case 'input':
    case 'usage':
      return 400
    case 'conflict':
      return 409
    case 'unavailable':
      return 503
    default:
      return 500
  }
}

/** Converts any thrown value; what is not a coded error becomes `INTERNAL` without its message. */
export function errorResponse(thrown: unknown): ErrorResponse {
  const error = thrown instanceof BaseError ? thrown : new BaseError('INTERNAL')
  const status = statusOf(error.code)
  const { code, message, facts, docs } = error.toJSON()
  const known = error.class === 'internal' ? {} : facts
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return { status, body: { error: { message, type, code, facts: known, docs } } }
}
