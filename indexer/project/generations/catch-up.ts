import type { EventLog } from '../../../eventlog/client/event-log.ts'
import { nothingHandled } from '../checkpoint.ts'
import { projectedStreams } from '../projected-streams.ts'
import type { ProjectionWriter } from '../projection-writer.ts'

export interface CatchUpOptions {
  readonly writer: ProjectionWriter
  readonly eventLog: Pick<EventLog, 'subscribe'>
  readonly chainId: number
  readonly signal?: AbortSignal | undefined
  readonly onEvents?: (events: number) => void
}

/**
 * Projects the log up to a position, not a single event further.
 *
 * @param target position of an event that exists, or of a checkpoint of another projection.
 * @throws `PROJECTION_POISONED`, `EVENT_LOG_CORRUPT`, and the reason of `signal`.
 */
export async function catchUp(
  { writer, eventLog, chainId, signal, onEvents }: CatchUpOptions,
  target: bigint,
): Promise<void> {
  if (writer.position >= target) return
  const reached = new AbortController()
  const subscription = eventLog.subscribe({
    source: 'all',
    from: writer.position === nothingHandled ? 'start' : writer.position,
    filter: projectedStreams(chainId),
    signal: signal === undefined ? reached.signal : AbortSignal.any([signal, reached.signal]),
    onEvents: async (events) => {
      const within = events.filter(({ position }) => position <= target)
      await writer.write(within)
      onEvents?.(within.length)
      if (within.length < events.length || writer.position >= target) reached.abort()
    },
    onCheckpoint: async (position) => {
      await writer.skipTo(position < target ? position : target)
      if (position >= target) reached.abort()
    },
    onCaughtUp: () => reached.abort(),
  })
  await subscription.done
  signal?.throwIfAborted()
  await writer.skipTo(target)
}
