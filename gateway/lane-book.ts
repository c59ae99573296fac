import { extendChain } from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import { type AcceptedCall, type LaneId, type LanePosition, laneKey } from './lane.ts'
import type { LedgerChain } from './ledger-chain.ts'

/** A lane as the gateway knows it; everything but `id` moves. */
export interface Lane {
  readonly id: LaneId
  /** As the ledger holds it. */
  settled: LanePosition
  /** Answered calls after `settled`, in order. */
  pending: readonly AcceptedCall[]
  /** Why the ledger did not take the pending calls; see `SkipReason` of the ledger. */
  skipReason: number | undefined
}

/** All lanes of the operator that were used since the start, or that the journal still holds. */
export interface LaneBook {
  /** Opens a lane where the ledger left it; calls at the same time share one read. */
  open(id: LaneId): Promise<Lane>
  /** Shows a lane without keeping it, so that questions cannot fill the memory. */
  look(id: LaneId): Promise<Pick<Lane, 'settled' | 'pending'>>
  /** By ascending key. */
  all(): readonly Lane[]
  /** Lanes of one payer, over models and terms. */
  of(payer: Hex): readonly Lane[]
  /** Adopts calls from the journal; those that the ledger has are dropped. */
  restore(calls: readonly AcceptedCall[]): Promise<void>
  isSettled(call: AcceptedCall): boolean
  /** Drops a lane that was never used; only for who holds its turn in the queue. */
  forgetUnused(id: LaneId): void
}

/** Reason of our own beside those of the ledger: our calls do not continue what the ledger holds. */
export const forkedLane = 255

export function createLaneBook(chain: Pick<LedgerChain, 'laneOf'>): LaneBook {
  const lanes = new Map<string, Lane>()
  const opening = new Map<string, Promise<Lane>>()

  async function read(id: LaneId): Promise<Lane> {
    const key = laneKey(id)
    const settled = await chain.laneOf(id)
    const lane: Lane = { id, settled, pending: [], skipReason: undefined }
    lanes.set(key, lane)
    return lane
  }

  async function open(id: LaneId): Promise<Lane> {
    const key = laneKey(id)
    const known = lanes.get(key)
    if (known !== undefined) return known
    let reading = opening.get(key)
    if (reading === undefined) {
      reading = read(id).finally(() => opening.delete(key))
      opening.set(key, reading)
    }
    return reading
  }

  return {
    open,
    look: async (id) => lanes.get(laneKey(id)) ?? { settled: await chain.laneOf(id), pending: [] },
    all: () => [...lanes.values()].sort((a, b) => (laneKey(a.id) < laneKey(b.id) ? -1 : 1)),
    of: (payer) => [...lanes.values()].filter(({ id }) => id.payer === payer),
    async restore(calls) {
      const byLane = new Map<string, AcceptedCall[]>()
      for (const accepted of calls) {
        const key = laneKey(accepted.call)
        byLane.set(key, [...(byLane.get(key) ?? []), accepted])
      }
      await Promise.all(
        [...byLane.values()].map(async (accepted) => {
          const { payer, modelId, termsVersion } = (accepted[0] as AcceptedCall).call
          const lane = await open({ payer, modelId, termsVersion })
          advanceLane(lane, lane.settled, accepted)
        }),
      )
    },
    isSettled(accepted) {
      const lane = lanes.get(laneKey(accepted.call))
      return lane !== undefined && accepted.voucher.calls <= lane.settled.calls
    },
    forgetUnused(id) {
      const lane = lanes.get(laneKey(id))
      if (lane !== undefined && laneHead(lane).calls === 0n) lanes.delete(laneKey(id))
    },
  }
}

/** Where the next call of a lane continues. */
export const laneHead = ({
  settled,
  pending,
}: Pick<Lane, 'settled' | 'pending'>): LanePosition => ({
  calls: settled.calls + BigInt(pending.length),
  charged: pending.reduce((sum, { call }) => sum + call.fee, settled.charged),
  callsChain: pending.at(-1)?.voucher.callsChain ?? settled.callsChain,
})

/** Moves a lane to what the ledger holds and keeps only the calls after it. */
export function advanceLane(
  lane: Lane,
  settled: LanePosition,
  calls: readonly AcceptedCall[] = lane.pending,
): void {
  lane.settled = settled
  lane.pending = calls.filter(({ voucher }) => voucher.calls > settled.calls)
  lane.skipReason = continues(lane) ? undefined : forkedLane
}

function continues({ settled, pending }: Lane): boolean {
  let { calls, callsChain } = settled
  return pending.every(({ call, voucher }) => {
    calls += 1n
    callsChain = extendChain(callsChain, call.requestHash)
    return voucher.calls === calls && voucher.callsChain === callsChain
  })
}
