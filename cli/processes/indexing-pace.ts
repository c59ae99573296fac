import type { ChainIndexers } from '../../indexer/chains/index-chains.ts'
import type { ChainPace } from './render-pace.ts'
import { type TimeLeft, timeLeft } from './time-left.ts'

/** Creates what reads how fast each chain is indexed; call it again and again. */
export function indexingPace(
  indexers: Pick<ChainIndexers, 'status'>,
  now: () => number = Date.now,
): () => readonly ChainPace[] {
  const left = new Map<number, TimeLeft>()
  return () =>
    indexers.status().map(({ chainId, status, failure }) => {
      const { height, nodeHeight, timestamp, eventsPerSecond } = status
      const behind = nodeHeight === undefined ? undefined : Math.max(0, nodeHeight - height)
      const eta = left.get(chainId) ?? timeLeft(() => performance.now())
      left.set(chainId, eta)
      return {
        ...{ chainId, eventsPerSecond, behind, unit: 'blocks' },
        state: failure ?? status.state,
        place: `block ${height}/${nodeHeight ?? '?'}`,
        lagSeconds: timestamp === undefined ? undefined : Math.max(0, now() / 1000 - timestamp),
        secondsLeft: behind === undefined ? undefined : eta.after(behind),
      }
    })
}
