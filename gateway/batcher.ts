import type { Journal } from './journal.ts'
import { forkedLane, type LaneBook } from './lane-book.ts'
import type { RecordedBatch, Recorder } from './recorder.ts'

/** Brings answered calls onto the chain. */
export interface Batcher {
  /**
   * Records everything that can be recorded now; a flush that runs is followed by another.
   *
   * @throws `BATCH_NOT_RECORDED`, `BATCH_NOT_SETTLED`, `NODE_UNAVAILABLE`; calls not yet recorded
   * stay pending.
   */
  flush(): Promise<readonly RecordedBatch[]>
  /** Charges what is committed, after the flush that runs. @throws as `flush`. */
  settle(): Promise<void>
}

const compactAbove = 5_000

/** Starts idle; nothing is sent before the first flush. */
export function createBatcher(services: {
  readonly recorder: Recorder
  readonly lanes: LaneBook
  readonly journal: Pick<Journal, 'compact' | 'size'>
}): Batcher {
  const { recorder, lanes, journal } = services
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<readonly RecordedBatch[]> | undefined

  async function record(): Promise<readonly RecordedBatch[]> {
    const recorded = await recorder.record()
    if (recorded.length > 0 && journal.size > compactAbove)
      await journal.compact((call) => lanes.isSettled(call))
    return recorded
  }

  return {
    flush() {
      next ??= last
        .catch(() => {})
        .then(() => {
          next = undefined
          return record()
        })
      last = next
      return next
    },
    settle() {
      const settled = last.catch(() => {}).then(() => recorder.settle())
      last = settled
      next = undefined
      return settled
    },
  }
}

/** Lanes that wait for something other than the next batch. */
export const stuckLanes = (lanes: LaneBook) =>
  lanes
    .all()
    .filter(({ skipReason, pending }) => skipReason !== undefined && pending.length > 0)
    .map(({ id, pending, skipReason }) => ({
      ...id,
      calls: pending.length,
      reason: skipReason === forkedLane ? 'forked' : String(skipReason),
    }))
