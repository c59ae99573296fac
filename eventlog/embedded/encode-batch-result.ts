import shared from '@eventstore/db-client/generated/shared_pb.js'
import status from '@eventstore/db-client/generated/status_pb.js'
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { status as grpcStatus } from '@grpc/grpc-js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import type { AppendResult, Expectation } from './stored-event.ts'
import { writeStreamName, writeUuid } from './wire.ts'

export function encodeBatchResult(
  id: string,
  stream: string,
  expected: Expectation,
  result: AppendResult,
): BatchAppendResp {
  const response = start(id, stream)
  if (result.kind === 'appended') {
    const position = new shared.AllStreamPosition()
    position.setCommitPosition(String(result.position))
    position.setPreparePosition(String(result.position))
    const success = new streams.BatchAppendResp.Success()
    success.setCurrentRevision(String(result.revision))
    success.setPosition(position)
    response.setSuccess(success)
    return response
  }
  if (result.kind === 'conflict') {
    const details = encodeConflict(expected, result.current)
    return fail(response, grpcStatus.FAILED_PRECONDITION, 'WrongExpectedVersion', details)
  }
  if (result.kind === 'deleted') {
    const details = new shared.StreamDeleted()
    details.setStreamIdentifier(writeStreamName(stream))
    return fail(response, grpcStatus.FAILED_PRECONDITION, 'StreamDeleted', details)
  }
  if (result.kind === 'denied') {
    return fail(response, grpcStatus.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied())
  }
  return fail(response, grpcStatus.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout())
}

export function encodeTooLarge(id: string, stream: string, limit: number): BatchAppendResp {
  const details = new shared.MaximumAppendSizeExceeded()
  details.setMaxappendsize(limit)
  const response = start(id, stream)
  return fail(response, grpcStatus.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details)
}

function start(id: string, stream: string): BatchAppendResp {
  const response = new streams.BatchAppendResp()
  response.setCorrelationId(writeUuid(id))
  response.setStreamIdentifier(writeStreamName(stream))
  return response
}

// The client reads the type of the details without looking whether there are any.
function fail(
  response: BatchAppendResp,
  code: number,
  name: string,
  details: { serializeBinary(): Uint8Array },
): BatchAppendResp {
  const packed = new any.Any()
  packed.pack(details.serializeBinary(), `event_store.client.${name}`)
  const error = new status.Status()
  error.setCode(code)
  error.setMessage(name)
  error.setDetails(packed)
  response.setError(error)
  return response
}

function encodeConflict(expected: Expectation, current: number) {
  const details = new shared.WrongExpectedVersion()
  if (current < 0) details.setCurrentNoStream(new empty.Empty())
  else details.setCurrentStreamRevision(String(current))
  if (expected.kind === 'any') details.setExpectedAny(new empty.Empty())
  else if (expected.kind === 'none') details.setExpectedNoStream(new empty.Empty())
  else if (expected.kind === 'exists') details.setExpectedStreamExists(new empty.Empty())
  else details.setExpectedStreamPosition(String(expected.revision))
  return details
}
