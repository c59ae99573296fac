import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { type ServerReadableStream, type sendUnaryData, status } from '@grpc/grpc-js'
import type { LogStore } from './log-store.ts'
import { readExpectation, readProposed } from './read-proposed.ts'
import {
  accessDenied,
  invalidArgument,
  serviceError,
  streamDeleted,
  toServiceError,
} from './service-error.ts'
import type { AppendResult, Expectation, ProposedEvent } from './stored-event.ts'
import { readStreamName } from './wire.ts'

/** Serves one append per call, the form a client uses for credentials of its own. */
export async function serveAppend(
  store: LogStore,
  call: ServerReadableStream<AppendReq, AppendResp>,
  callback: sendUnaryData<AppendResp>,
  maxAppendBytes: number,
): Promise<void> {
  try {
    let options: AppendReq.Options | undefined
    const events: ProposedEvent[] = []
    let bytes = 0
    for await (const request of call as AsyncIterable<AppendReq>) {
      options ??= request.getOptions()
      const message = request.getProposedMessage()
      if (message === undefined) continue
      const event = readProposed(message)
      bytes += event.data.length + event.metadata.length
      if (bytes > maxAppendBytes) throw tooLarge(maxAppendBytes)
      events.push(event)
    }
    if (options === undefined) throw invalidArgument('an append has no options')
    const stream = readStreamName(options.getStreamIdentifier())
    const expected = readExpectation(options, options.getRevision())
    const result = await store.writer.append({ stream, expected, events })
    if (result.kind === 'deleted') throw streamDeleted(stream)
    if (result.kind === 'denied') throw accessDenied(stream)
    if (result.kind === 'expired') throw serviceError(status.DEADLINE_EXCEEDED, 'Timeout')
    callback(null, encode(expected, result))
  } catch (cause) {
    callback(toServiceError(cause))
  }
}

function encode(
  expected: Expectation,
  result: Extract<AppendResult, { kind: 'appended' | 'conflict' }>,
): AppendResp {
  const response = new streams.AppendResp()
  if (result.kind === 'appended') {
    const position = new streams.AppendResp.Position()
    position.setCommitPosition(String(result.position))
    position.setPreparePosition(String(result.position))
    const success = new streams.AppendResp.Success()
    success.setCurrentRevision(String(result.revision))
    success.setPosition(position)
    response.setSuccess(success)
    return response
  }
  const conflict = new streams.AppendResp.WrongExpectedVersion()
  if (result.current < 0) conflict.setCurrentNoStream(new shared.Empty())
  else conflict.setCurrentRevision(String(result.current))
  if (expected.kind === 'any') conflict.setExpectedAny(new shared.Empty())
  else if (expected.kind === 'none') conflict.setExpectedNoStream(new shared.Empty())
  else if (expected.kind === 'exists') conflict.setExpectedStreamExists(new shared.Empty())
  else conflict.setExpectedRevision(String(expected.revision))
  response.setWrongExpectedVersion(conflict)
  return response
}

const tooLarge = (limit: number) =>
  serviceError(status.INVALID_ARGUMENT, 'the append is too large', {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  })
