import type { LogStore } from '../log-store.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { GroupRegistry } from './group-registry.ts'

/**
 * Puts the oldest parked events of a group back in front of its consumers. What a scavenge has removed
 * is parked no longer.
 */
export async function replayParked(
  log: LogStore,
  groups: GroupRegistry,
  group: ConsumerGroup,
  limit: number,
): Promise<void> {
  const places = await groups.parked(group, limit)
  const { source } = group.record
  const events =
    source === '$all'
      ? await log.reader.readPositions(places)
      : await log.reader.readRevisions(source, places)
  const found = new Set(events.map((e) => (source === '$all' ? e.position : e.revision)))
  const gone = places.filter((place) => !found.has(place))
  if (gone.length > 0) await groups.unpark(group, gone)
  group.replay(events)
}
