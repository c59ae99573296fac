import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { canonicalJson } from '../schema/codec/canonical-json.ts'
import { packCalls } from '../schema/codec/packed-calls.ts'
import type { Hex } from '../schema/events/event.ts'
import type { BatchManifest } from '../schema/manifests/batch.ts'
import type { Funds } from './funds.ts'
import type { Journal } from './journal.ts'
import { type AcceptedCall, type LanePosition, laneKey } from './lane.ts'
import { advanceLane, forkedLane, type Lane, type LaneBook, laneHead } from './lane-book.ts'
import type { BatchReceipt, LedgerChain } from './ledger-chain.ts'
import type { Logger } from './logger.ts'
import { type BatchLimits, type PlannedLane, planBatch } from './plan-batch.ts'
import type { Settlement } from './settlement.ts'

/** One batch that reached the chain. */
export interface RecordedBatch {
  readonly batchId: bigint
  readonly txHash: Hex
  readonly blockNumber: bigint
  /** Calls that were charged. */
  readonly calls: number
  readonly skipped: readonly { readonly lane: string; readonly reason: number }[]
}

/** Brings answered calls onto the chain. */
export interface Batcher {
  /**
   * Records everything that can be recorded now; a flush that runs is followed by another.
   *
   * @throws `BATCH_NOT_RECORDED`, `NODE_UNAVAILABLE`; calls not yet recorded stay pending.
   */
  flush(): Promise<readonly RecordedBatch[]>
}

/** What batching needs. */
export interface BatcherServices {
  readonly chain: LedgerChain
  readonly lanes: LaneBook
  readonly funds: Pick<Funds, 'charge'>
  readonly settlement: Settlement
  readonly journal: Pick<Journal, 'compact' | 'size'>
  readonly artifacts: Pick<ArtifactStore, 'put' | 'get'>
  readonly logger: Logger
  readonly limits?: BatchLimits | undefined
}

const underfunded = 5
const compactAbove = 5_000

/** Starts idle; nothing is sent before the first flush. */
export function createBatcher(services: BatcherServices): Batcher {
  let last: Promise<readonly RecordedBatch[]> = Promise.resolve([])
  let next: Promise<readonly RecordedBatch[]> | undefined
  return {
    flush() {
      next ??= last
        .catch(() => [])
        .then(() => {
          next = undefined
          return recordAll(services)
        })
      last = next
      return next
    },
  }
}

async function recordAll(services: BatcherServices): Promise<readonly RecordedBatch[]> {
  const { lanes, journal, limits } = services
  const recorded: RecordedBatch[] = []
  // Calls that arrive meanwhile wait for the next flush, so that this one ends.
  const waiting = new Map(lanes.all().map((lane) => [lane, lane.pending.at(-1)?.voucher.calls]))
  while (waiting.size > 0) {
    const ready = await Promise.all(
      [...waiting].map(async ([lane, calls = 0n]) => ({
        id: lane.id,
        pending: (await settleable(services, lane)).filter(({ voucher }) => voucher.calls <= calls),
      })),
    )
    const planned = planBatch(ready, limits)
    if (planned.length === 0) break
    const batch = await recordOne(services, planned)
    recorded.push(batch)
    for (const { lane: key } of batch.skipped)
      for (const lane of waiting.keys()) if (laneKey(lane.id) === key) waiting.delete(lane)
  }
  if (recorded.length > 0 && journal.size > compactAbove)
    await journal.compact((call) => lanes.isSettled(call))
  return recorded
}

/** Calls of a lane that the ledger would take now. */
async function settleable(services: BatcherServices, lane: Lane): Promise<readonly AcceptedCall[]> {
  const { chain } = services
  if (lane.pending.length === 0) return []
  const onChain = await chain.laneOf(lane.id)
  // A batch whose receipt never came may have been mined after all; the ledger knows.
  if (onChain.calls > lane.settled.calls) moveLane(services, lane, onChain)
  // A node that lags behind, or a reorganisation: the calls are not lost, only early.
  if (onChain.calls < lane.settled.calls) return []
  if (lane.skipReason === undefined) return lane.pending
  if (lane.skipReason !== underfunded) return []
  const { chargeable, charged } = await chain.accountOf(lane.id.payer)
  let rest = chargeable - charged
  return lane.pending.filter(({ call }) => {
    rest -= call.fee
    return rest >= 0n
  })
}

function moveLane({ funds }: BatcherServices, lane: Lane, to: LanePosition): void {
  funds.charge(lane.id.payer, to.charged - lane.settled.charged)
  advanceLane(lane, to)
}

async function recordOne(
  services: BatcherServices,
  planned: readonly PlannedLane[],
): Promise<RecordedBatch> {
  const { chain, settlement, logger } = services
  const calls = planned.flatMap((lane) => lane.calls)
  const dataHash = await putManifest(services, {
    kind: 'batch',
    version: 1,
    calls: calls.map(({ call, citations }) => ({ requestHash: call.requestHash, citations })),
  })
  const end = settlement.begin(new Set(planned.map(({ id }) => id.payer)))
  try {
    const receipt = await chain.recordBatch({
      data: packCalls(calls.map(({ call }) => call)),
      dataHash,
      lanes: planned.map((lane) => {
        const { voucher, signature } = lane.calls.at(-1) as PlannedLane['calls'][number]
        return { voucher, signer: voucher.payer, signature, calls: lane.calls.length }
      }),
    })
    await settle(services, planned, receipt)
    const batch = summarise(planned, receipt)
    logger.info({ ...batch, batchId: String(batch.batchId) }, 'batch recorded')
    return batch
  } finally {
    end()
  }
}

async function putManifest({ artifacts }: BatcherServices, manifest: BatchManifest): Promise<Hex> {
  const calls = manifest.calls.map(({ requestHash, citations }) => ({
    requestHash,
    citations: citations.map((citation) => ({ ...citation })),
  }))
  const hash = await artifacts.put(new TextEncoder().encode(canonicalJson({ ...manifest, calls })))
  // A data hash on the chain whose bytes are lost could never be repaired.
  await artifacts.get(hash)
  return hash
}

async function settle(
  services: BatcherServices,
  planned: readonly PlannedLane[],
  { skipped }: BatchReceipt,
): Promise<void> {
  for (const [index, { id, calls }] of planned.entries()) {
    const lane = await services.lanes.open(id)
    const reason = skipped.get(index)
    if (reason === undefined) {
      moveLane(services, lane, laneHead({ settled: lane.settled, pending: calls }))
      continue
    }
    // An earlier batch of the same calls may have come late; then nothing is wrong.
    const onChain = await services.chain.laneOf(id)
    if (onChain.calls > lane.settled.calls) {
      moveLane(services, lane, onChain)
      continue
    }
    lane.skipReason = reason
    services.logger.warn({ ...id, reason, calls: calls.length }, 'lane not settled')
  }
}

function summarise(planned: readonly PlannedLane[], receipt: BatchReceipt): RecordedBatch {
  const { batchId, txHash, blockNumber, skipped } = receipt
  return {
    batchId,
    txHash,
    blockNumber,
    calls: planned.reduce((sum, { calls }, i) => sum + (skipped.has(i) ? 0 : calls.length), 0),
    skipped: [...skipped].flatMap(([index, reason]) => {
      const lane = planned[index]
      return lane === undefined ? [] : [{ lane: laneKey(lane.id), reason }]
    }),
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
