import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { Status } from '@eventstore/db-client/generated/status_pb.js'
import { BaseError } from '../../schema/errors.ts'
import type { ExpectedRevision } from './event-log.ts'

const PACKAGE = 'event_store.client'

/** Reads the answer to an append that the server refused; nothing was written. */
export function decodeAppendError(
  error: Status | undefined,
  stream: string,
  expected: ExpectedRevision,
): BaseError {
  const details = error?.getDetails()
  const reason =
    details?.getTypeName().replace(`${PACKAGE}.`, '') || error?.getMessage() || 'unknown'
  const conflict = details?.unpack(
    shared.WrongExpectedVersion.deserializeBinary,
    `${PACKAGE}.WrongExpectedVersion`,
  )
  if (conflict) {
    const actual = conflict.hasCurrentStreamRevision()
      ? conflict.getCurrentStreamRevision()
      : 'none'
    return new BaseError('EVENT_LOG_CONFLICT', {
      facts: { stream, expected: String(expected), actual },
    })
  }
  if (reason === 'Timeout') return new BaseError('EVENT_LOG_TIMEOUT', { facts: { stream } })
  return new BaseError('EVENT_LOG_REFUSED', { facts: { stream, reason } })
}
