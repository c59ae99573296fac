import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { EventFilter, SubscribeOptions } from './event-log.ts'

/** The last event handled, or `start`. */
export type Cursor = 'start' | bigint

/** Events named with `$` are the server's own and need not be JSON. */
const notSystem: EventFilter = { by: 'type', regex: '^[^\\$]' }

const { Options } = streams.ReadReq

/** Builds the question of a subscription; one to the whole log is always filtered. */
export function encodeSubscription(
  { source, filter = notSystem }: Pick<SubscribeOptions, 'source' | 'filter'>,
  from: Cursor,
): ReadReq {
  const ids = new Options.UUIDOption()
  ids.setString(new shared.Empty())
  const options = new Options()
  options.setUuidOption(ids)
  options.setResolveLinks(false)
  options.setSubscription(new Options.SubscriptionOptions())
  if (source === 'all') {
    options.setAll(allFrom(from))
    options.setFilter(encodeFilter(filter))
  } else {
    options.setStream(streamFrom(source.stream, from))
    options.setNoFilter(new shared.Empty())
  }
  const request = new streams.ReadReq()
  request.setOptions(options)
  return request
}

function allFrom(from: Cursor): ReadReq.Options.AllOptions {
  const all = new Options.AllOptions()
  if (from === 'start') all.setStart(new shared.Empty())
  else {
    const position = new Options.Position()
    position.setCommitPosition(from.toString())
    position.setPreparePosition(from.toString())
    all.setPosition(position)
  }
  return all
}

function streamFrom(name: string, from: Cursor): ReadReq.Options.StreamOptions {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(name, 'utf8'))
  const stream = new Options.StreamOptions()
  stream.setStreamIdentifier(identifier)
  if (from === 'start') stream.setStart(new shared.Empty())
  else stream.setRevision(from.toString())
  return stream
}

function encodeFilter({ by, prefixes, regex }: EventFilter): ReadReq.Options.FilterOptions {
  const expression = new Options.FilterOptions.Expression()
  if (prefixes) expression.setPrefixList([...prefixes])
  else expression.setRegex(regex ?? '')
  const options = new Options.FilterOptions()
  if (by === 'stream') options.setStreamIdentifier(expression)
  else options.setEventType(expression)
  options.setCount(new shared.Empty())
  options.setCheckpointintervalmultiplier(1)
  return options
}
