import { canonicalJson } from '../schema/codec/canonical-json.ts'
import { packCalls } from '../schema/codec/packed-calls.ts'
import type { AcceptedCall } from './lane.ts'
import { laneKey } from './lane.ts'
import { laneHead } from './lane-book.ts'
import type { BatchReceipt } from './ledger-chain.ts'
import { moveLane } from './move-lane.ts'
import { type PlannedLane, planBatch } from './plan-batch.ts'
import { putChecked } from './put-checked.ts'
import type { RecordedBatch, Recorder, RecorderServices } from './recorder.ts'
import { settleableCalls } from './settleable-calls.ts'

/** Records calls with all their bytes on the chain, checked and charged in the same transaction. */
export function createPackedRecorder(services: RecorderServices): Recorder {
  const { lanes, limits } = services
  return {
    async record() {
      const recorded: RecordedBatch[] = []
      // Calls that arrive meanwhile wait for the next flush, so that this one ends.
      const waiting = new Map(lanes.all().map((lane) => [lane, lane.pending.at(-1)?.voucher.calls]))
      while (waiting.size > 0) {
        const ready = await Promise.all(
          [...waiting].map(async ([lane, last = 0n]) => ({
            id: lane.id,
            pending: (await settleableCalls(services, lane)).filter(
              ({ voucher }) => voucher.calls <= last,
            ),
          })),
        )
        const planned = planBatch(ready, limits)
        if (planned.length === 0) break
        const batch = await recordOne(services, planned)
        recorded.push(batch)
        for (const { lane: key } of batch.skipped)
          for (const lane of waiting.keys()) if (laneKey(lane.id) === key) waiting.delete(lane)
      }
      return recorded
    },
    settle: async () => {},
  }
}

async function recordOne(
  services: RecorderServices,
  planned: readonly PlannedLane[],
): Promise<RecordedBatch> {
  const { chain, settlement, logger } = services
  const calls = planned.flatMap((lane) => lane.calls)
  const dataHash = await putManifest(services, calls)
  const end = settlement.begin(new Set(planned.map(({ id }) => id.payer)))
  try {
    const receipt = await chain.recordBatch({
      data: packCalls(calls.map(({ call }) => call)),
      dataHash,
      lanes: planned.map((lane) => {
        const { voucher, signer, signature } = lane.calls.at(-1) as AcceptedCall
        return { voucher, signer, signature, calls: lane.calls.length }
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

function putManifest({ artifacts }: RecorderServices, calls: readonly AcceptedCall[]) {
  const manifest = {
    kind: 'batch',
    version: 1,
    calls: calls.map(({ call, citations }) => ({
      requestHash: call.requestHash,
      citations: citations.map((citation) => ({ ...citation })),
    })),
  }
  return putChecked(artifacts, new TextEncoder().encode(canonicalJson(manifest)))
}

async function settle(
  services: RecorderServices,
  planned: readonly PlannedLane[],
  { skipped }: BatchReceipt,
): Promise<void> {
  const { lanes, chain, funds, logger } = services
  for (const [index, { id, calls }] of planned.entries()) {
    const lane = await lanes.open(id)
    const reason = skipped.get(index)
    if (reason === undefined) {
      moveLane(funds, lane, laneHead({ settled: lane.settled, pending: calls }))
      continue
    }
    // An earlier batch of the same calls may have come late; then nothing is wrong.
    const onChain = await chain.laneOf(id)
    if (onChain.calls > lane.settled.calls) {
      moveLane(funds, lane, onChain)
      continue
    }
    lane.skipReason = reason
    logger.warn({ ...id, reason, calls: calls.length }, 'lane not settled')
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
