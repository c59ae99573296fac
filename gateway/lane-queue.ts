import { BaseError } from '../schema/errors.ts'

/** Lets one holder at a time into each lane, in order of arrival. */
export interface LaneQueue {
  /**
   * Waits for the lane; call the result to leave it.
   *
   * @throws `LANE_BUSY` when too many wait already.
   */
  enter(key: string): Promise<() => void>
}

export function createLaneQueue(maxWaiting: number): LaneQueue {
  const waiting = new Map<string, (() => void)[]>()
  return {
    async enter(key) {
      const queue = waiting.get(key)
      if (queue === undefined) {
        waiting.set(key, [])
      } else {
        if (queue.length >= maxWaiting)
          throw new BaseError('LANE_BUSY', { facts: { waiting: queue.length } })
        await new Promise<void>((enter) => queue.push(enter))
      }
      return () => {
        const next = waiting.get(key)?.shift()
        if (next === undefined) waiting.delete(key)
        else next()
      }
    },
  }
}
