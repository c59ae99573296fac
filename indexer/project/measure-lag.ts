import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import type { ProjectorStatus } from './create-projector.ts'

/** How far tables are behind the log. */
export interface ProjectionLag {
  /** Events of the chain's stream that are not in the tables; undefined before the first batch. */
  readonly events: number | undefined
  /** Age of the newest event in the tables; 0 when the tables have everything. */
  readonly seconds: number | undefined
}

/**
 * Compares a projector with the end of its chain's stream.
 *
 * @param last last event of the stream, or undefined if there is none
 * @param now milliseconds since 1970
 */
export function measureLag(
  { position, revision, createdAt }: ProjectorStatus,
  last: Pick<RecordedEvent, 'position' | 'revision'> | undefined,
  now: number,
): ProjectionLag {
  if (last === undefined || position >= last.position) return { events: 0, seconds: 0 }
  return {
    events: revision === undefined ? undefined : Number(last.revision - revision),
    seconds: createdAt === undefined ? undefined : Math.max(0, (now - createdAt) / 1000),
  }
}
