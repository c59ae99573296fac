import type { AcceptedCall } from './lane.ts'
import { laneKey } from './lane.ts'
import type { CommittedBatch } from './ledger-chain.ts'
import type { PlannedLane } from './plan-batch.ts'

/** A committed batch that waits for its settlement, with the calls it holds. */
export interface OpenBatch extends CommittedBatch {
  readonly lanes: readonly PlannedLane[]
}

/** Joins the lanes of several batches; the calls of each stay in order. */
export function joinLanes(batches: readonly OpenBatch[]): readonly PlannedLane[] {
  const joined = new Map<string, { id: PlannedLane['id']; calls: AcceptedCall[] }>()
  for (const { id, calls } of batches.flatMap(({ lanes }) => lanes)) {
    const key = laneKey(id)
    const lane = joined.get(key) ?? { id, calls: [] }
    lane.calls.push(...calls)
    joined.set(key, lane)
  }
  return [...joined.values()]
}

/** Takes the first batches, at least one, whose lanes together stay within the limit. */
export function takeWithin(batches: readonly OpenBatch[], maxLanes: number): readonly OpenBatch[] {
  let count = Math.min(batches.length, 1)
  while (count < batches.length && joinLanes(batches.slice(0, count + 1)).length <= maxLanes)
    count += 1
  return batches.slice(0, count)
}
