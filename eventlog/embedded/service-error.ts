import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { BaseError } from '../../schema/errors.ts'

/** Makes the gRPC error an EventStoreDB client recognises by its `exception` trailer. */
export function serviceError(
  code: status,
  message: string,
  trailers: Readonly<Record<string, string>> = {},
): ServiceError {
  const metadata = new Metadata()
  // Trailers are ASCII; stream names need not be.
  for (const [key, value] of Object.entries(trailers)) {
    metadata.set(key, value.replace(/[^\x20-\x7e]/g, '?'))
  }
  return Object.assign(new Error(message), { code, details: message, metadata })
}

/** Turns whatever a handler threw into a gRPC error. */
export function toServiceError(cause: unknown): ServiceError {
  if (isServiceError(cause)) return cause
  if (cause instanceof BaseError) {
    const code = cause.class === 'input' ? status.INVALID_ARGUMENT : status.UNAVAILABLE
    return serviceError(code, cause.code)
  }
  // A failed query: the database may be restarting, the client comes again.
  return serviceError(status.UNAVAILABLE, 'the event log cannot reach its database')
}

export const streamDeleted = (stream: string): ServiceError =>
  serviceError(status.FAILED_PRECONDITION, `stream ${stream} is deleted`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  })

/** What a real server's access control would answer. */
export const accessDenied = (stream: string): ServiceError =>
  serviceError(status.PERMISSION_DENIED, `stream ${stream} is kept: it may lose no event`, {
    exception: 'access-denied',
  })

export const invalidArgument = (message: string): ServiceError =>
  serviceError(status.INVALID_ARGUMENT, message)

const isServiceError = (cause: unknown): cause is ServiceError =>
  cause instanceof Error && 'metadata' in cause && 'code' in cause
