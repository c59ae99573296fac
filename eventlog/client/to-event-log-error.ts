import { status } from '@grpc/grpc-js'
import { BaseError } from '../../schema/errors.ts'

type Facts = Readonly<Record<string, string | number | bigint>>

const timeouts = new Set(['timeout', 'deadline-exceeded'])
const refusals = new Set([
  'access-denied',
  'invalid-argument',
  'maximum-append-size-exceeded',
  'stream-deleted',
  'unsupported',
])

/**
 * Gives a failure of the EventStoreDB client one of our codes.
 *
 * A connection that cannot be made has no `type`, only the gRPC `code`.
 */
export function toEventLogError(cause: unknown, facts: Facts = {}): BaseError {
  if (cause instanceof BaseError) return cause
  const { type, code } = describe(cause)
  const all = { ...facts, ...(type === undefined ? {} : { reason: type }) }
  if (timeouts.has(type ?? '') || code === status.DEADLINE_EXCEEDED) {
    return new BaseError('EVENT_LOG_TIMEOUT', { facts: all, cause })
  }
  if (refusals.has(type ?? '') || code === status.INVALID_ARGUMENT) {
    return new BaseError('EVENT_LOG_REFUSED', { facts: all, cause })
  }
  return new BaseError('EVENT_LOG_UNAVAILABLE', { facts: all, cause })
}

export function describe(cause: unknown): { readonly type?: string; readonly code?: number } {
  if (typeof cause !== 'object' || cause === null) return {}
  const type = 'type' in cause && typeof cause.type === 'string' ? cause.type : undefined
  const code = 'code' in cause && typeof cause.code === 'number' ? cause.code : undefined
  return { ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }) }
}
