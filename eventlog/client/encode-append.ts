import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import { BaseError } from '../../schema/errors.ts'
import type { ExpectedRevision, NewEvent } from './event-log.ts'

/** EventStoreDB reads messages of at most 4 MiB. */
const MAX_MESSAGE_BYTES = 3 * 1024 * 1024
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Cuts an append into the messages of the batch-append call; only the first carries the options. */
export function encodeAppend(
  correlationId: string,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): readonly BatchAppendReq[] {
  if (stream === '') throw invalid('stream')
  if (events.length === 0) throw invalid('events')
  let current = startMessage(correlationId)
  current.setOptions(encodeOptions(stream, expected))
  const messages = [current]
  let bytes = 0
  for (const [i, event] of events.entries()) {
    const message = encodeEvent(event, i)
    const size = message.getData_asU8().length + message.getCustomMetadata_asU8().length + 256
    if (bytes > 0 && bytes + size > MAX_MESSAGE_BYTES) {
      current = startMessage(correlationId)
      messages.push(current)
      bytes = 0
    }
    bytes += size
    current.addProposedMessages(message)
  }
  current.setIsFinal(true)
  return messages
}

function startMessage(correlationId: string): BatchAppendReq {
  const message = new streams.BatchAppendReq()
  message.setCorrelationId(uuid(correlationId))
  message.setIsFinal(false)
  return message
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
  else throw invalid('expectedRevision')
  return options
}

function encodeEvent(event: NewEvent, index: number): BatchAppendReq.ProposedMessage {
  if (!UUID.test(event.id)) throw invalid(`events[${index}].id`)
  if (event.type === '') throw invalid(`events[${index}].type`)
  const message = new streams.BatchAppendReq.ProposedMessage()
  message.setId(uuid(event.id))
  const metadata = message.getMetadataMap()
  metadata.set('type', event.type)
  metadata.set('content-type', 'application/json')
  message.setData(toJson(event.data, `events[${index}].data`))
  message.setCustomMetadata(toJson(event.metadata ?? {}, `events[${index}].metadata`))
  return message
}

function toJson(value: unknown, field: string): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(value), 'utf8')
  } catch (cause) {
    throw invalid(field, cause)
  }
}

function uuid(text: string) {
  const id = new shared.UUID()
  id.setString(text)
  return id
}

const invalid = (field: string, cause?: unknown) =>
  new BaseError('EVENT_LOG_EVENT_INVALID', { facts: { field }, cause })
