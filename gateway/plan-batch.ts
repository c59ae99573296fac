import { packedCallSize } from '../schema/codec/packed-calls.ts'
import { type AcceptedCall, type LaneId, laneKey } from './lane.ts'

/** Calls of one lane that go into a batch, in order; the last one's voucher settles them all. */
export interface PlannedLane {
  readonly id: LaneId
  readonly calls: readonly AcceptedCall[]
}

/** Limits of one transaction. */
export interface BatchLimits {
  readonly calls: number
  /** A lane costs some 80,000 gas however few calls it has. */
  readonly lanes: number
  /** Nodes of the OP Stack refuse transactions over 128 KiB. */
  readonly bytes: number
}

export const defaultBatchLimits: BatchLimits = { calls: 900, lanes: 120, bytes: 120_000 }

// Voucher, signer, count, offsets and an ECDSA signature in ABI words.
const laneOverhead = 14 * 32

/** Takes as many calls as fit into one batch, lane after lane in the order of their keys. */
export function planBatch(
  lanes: readonly { readonly id: LaneId; readonly pending: readonly AcceptedCall[] }[],
  limits: BatchLimits = defaultBatchLimits,
): readonly PlannedLane[] {
  const sorted = lanes
    .filter(({ pending }) => pending.length > 0)
    .sort((a, b) => (laneKey(a.id) < laneKey(b.id) ? -1 : 1))
  const planned: PlannedLane[] = []
  let calls = 0
  let bytes = 0
  for (const { id, pending } of sorted) {
    if (planned.length === limits.lanes) break
    const overhead = laneOverhead + signatureBytes(pending)
    const room = Math.floor((limits.bytes - bytes - overhead) / packedCallSize)
    const count = Math.min(pending.length, limits.calls - calls, room)
    if (count <= 0) break
    planned.push({ id, calls: pending.slice(0, count) })
    calls += count
    bytes += overhead + count * packedCallSize
  }
  return planned
}

const signatureBytes = (calls: readonly AcceptedCall[]): number =>
  Math.max(...calls.map(({ signature }) => Math.ceil((signature.length - 2) / 64) * 32))
