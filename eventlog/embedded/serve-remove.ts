import type { DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js'
import { status } from '@grpc/grpc-js'
import type { LogStore } from './log-store.ts'
import { readExpectation } from './read-proposed.ts'
import { accessDenied, invalidArgument, serviceError, streamDeleted } from './service-error.ts'
import { readStreamName } from './wire.ts'

/**
 * Deletes or tombstones a stream.
 *
 * @returns position of the event that says so
 */
export async function serveRemove(
  store: LogStore,
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
  tombstone: boolean,
): Promise<string> {
  if (options === undefined) throw invalidArgument('the request has no options')
  const stream = readStreamName(options.getStreamIdentifier())
  const expected = readExpectation(options, options.getRevision())
  const result = await store.writer.remove({ stream, expected, tombstone })
  if (result.kind === 'appended') return String(result.position)
  if (result.kind === 'deleted') throw streamDeleted(stream)
  if (result.kind === 'denied') throw accessDenied(stream)
  const current = result.kind === 'conflict' ? result.current : -1
  throw serviceError(status.FAILED_PRECONDITION, 'the stream is not at the expected revision', {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': expected.kind === 'at' ? String(expected.revision) : '-1',
    ...(current < 0 ? {} : { 'actual-version': String(current) }),
  })
}
