import type { LogStore } from '../log-store.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { GroupRegistry } from './group-registry.ts'

/** Puts the oldest parked events of a group back in front of its consumers. */
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
  group.replay(events)
}
