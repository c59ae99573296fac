import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import { encodeProposedEvent, invalidEvent } from './encode-events.ts'
import type { ExpectedRevision, NewEvent } from './event-log.ts'

/** EventStoreDB reads messages of at most 4 MiB. */
const MAX_MESSAGE_BYTES = 3 * 1024 * 1024

/**
 * Cuts an append into messages of the batch-append call, encoded; only the first carries the
 * options and only the last is final.
 *
 * @throws `EVENT_LOG_EVENT_INVALID`
 */
export function encodeAppend(
  correlationId: string,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): readonly Buffer[] {
  if (stream === '') throw invalidEvent('stream')
  if (events.length === 0) throw invalidEvent('events')
  const parts: Buffer[][] = [[]]
  let bytes = 0
  for (const [i, event] of events.entries()) {
    const encoded = encodeProposedEvent(event, i)
    if (bytes > 0 && bytes + encoded.length > MAX_MESSAGE_BYTES) {
      parts.push([])
      bytes = 0
    }
    bytes += encoded.length
    parts.at(-1)?.push(encoded)
  }
  return parts.map((part, i) => {
    const message = new streams.BatchAppendReq()
    message.setCorrelationId(uuid(correlationId))
    if (i === 0) message.setOptions(encodeOptions(stream, expected))
    message.setIsFinal(i === parts.length - 1)
    // The fields of a message may come in any order, so that the events may follow the rest.
    return Buffer.concat([message.serializeBinary(), ...part])
  })
}

function encodeOptions(stream: string, expected: ExpectedRevision) {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream, 'utf8'))
  const options = new streams.BatchAppendReq.Options()
  options.setStreamIdentifier(identifier)
  // The protocol's deadline is a time of day: a server whose clock is ahead would refuse everything.
  if (expected === 'any') options.setAny(new empty.Empty())
  else if (expected === 'none') options.setNoStream(new empty.Empty())
  else if (expected >= 0n) options.setStreamPosition(expected.toString())
  else throw invalidEvent('expectedRevision')
  return options
}

function uuid(text: string) {
  const id = new shared.UUID()
  id.setString(text)
  return id
}
