import {
  type AllStreamSubscription,
  type EventStoreDBClient,
  eventTypeFilter,
  START,
  type StreamSubscription,
  streamNameFilter,
} from '@eventstore/db-client'
import type { EventFilter, SubscribeOptions } from './event-log.ts'
import { buffered } from './release-stream.ts'

/** The last event handled, or `start`. */
export type Cursor = 'start' | bigint

/** Events named with `$` are the server's own and need not be JSON. */
const notSystem: EventFilter = { by: 'type', regex: '^[^\\$]' }

/** Opens one subscription of the EventStoreDB client. */
export function openSubscription(
  client: EventStoreDBClient,
  { source, filter }: Pick<SubscribeOptions, 'source' | 'filter'>,
  from: Cursor,
  onCheckpoint: (position: bigint) => void,
): AllStreamSubscription | StreamSubscription {
  if (source !== 'all') {
    const fromRevision = from === 'start' ? START : from
    return client.subscribeToStream(source.stream, { fromRevision }, buffered)
  }
  const fromPosition = from === 'start' ? START : { commit: from, prepare: from }
  const { by, prefixes, regex } = filter ?? notSystem
  // The client waits for this callback before it takes the next message: it only notes the place.
  const checkpointReached = async (_: unknown, position: { commit: bigint }) =>
    onCheckpoint(position.commit)
  const build = by === 'type' ? eventTypeFilter : streamNameFilter
  const rest = { checkpointInterval: 1, checkpointReached }
  const wireFilter = prefixes
    ? build({ ...rest, prefixes: [...prefixes] })
    : build({ ...rest, regex: regex ?? '' })
  return client.subscribeToAll({ fromPosition, filter: wireFilter }, buffered)
}
