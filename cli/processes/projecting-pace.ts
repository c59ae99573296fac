import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ChainProjectors } from '../../indexer/chains/project-chains.ts'
import { measureLag } from '../../indexer/project/measure-lag.ts'
import { chainStream } from '../../schema/events/streams.ts'
import type { ChainPace } from './render-pace.ts'
import { type TimeLeft, timeLeft } from './time-left.ts'

/** Creates what reads how fast each chain is projected; call it again and again. */
export function projectingPace(
  projectors: Pick<ChainProjectors, 'status'>,
  logOf: (chainId: number) => Pick<EventLog, 'readLast'>,
  now: () => number = Date.now,
): () => Promise<readonly ChainPace[]> {
  const left = new Map<number, TimeLeft>()
  return () =>
    Promise.all(
      projectors.status().map(async ({ chainId, status, failure }): Promise<ChainPace> => {
        const end = await logOf(chainId)
          .readLast(chainStream(chainId))
          .catch(() => null)
        const lag = end === null ? undefined : measureLag(status, end, now())
        const behind = lag?.events
        const eta = left.get(chainId) ?? timeLeft(() => performance.now())
        left.set(chainId, eta)
        return {
          ...{ chainId, eventsPerSecond: status.eventsPerSecond, behind, unit: 'events' },
          state: failure ?? status.state,
          place: `event ${status.revision ?? '?'}/${end?.revision ?? '?'}`,
          lagSeconds: lag?.seconds,
          secondsLeft: behind === undefined ? undefined : eta.after(behind),
        }
      }),
    )
}
