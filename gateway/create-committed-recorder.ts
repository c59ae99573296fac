import { bytesToHex, hexToBytes, keccak256 } from 'viem'
import { buildOrderedMerkleTree } from '../schema/codec/ordered-merkle-tree.ts'
import { packCalls, packedCallSize } from '../schema/codec/packed-calls.ts'
import { type AcceptedCall, laneKey } from './lane.ts'
import { laneHead } from './lane-book.ts'
import { moveLane } from './move-lane.ts'
import { joinLanes, type OpenBatch, takeWithin } from './open-batch.ts'
import { type BatchLimits, type PlannedLane, planBatch } from './plan-batch.ts'
import { putChecked } from './put-checked.ts'
import type { RecordedBatch, Recorder, RecorderServices } from './recorder.ts'
import { recoverOpenBatches } from './recover-open-batches.ts'
import { settleableCalls } from './settleable-calls.ts'
import type { SettlementCheckpoint } from './settlement-checkpoint.ts'

/** A body is not on the chain, so only its settlement limits a batch: some 75,000 gas per new lane. */
export const committedLimits: BatchLimits = { calls: 5_000, lanes: 120, bytes: 1_000_000 }

// A reorganisation that undoes a settlement is never deeper.
const safetyBlocks = 5_000n

/**
 * Records calls as Merkle roots and charges their lanes later, several batches at once.
 *
 * Until then the calls stay pending in their lanes and in the journal. After any doubt, a crash or a
 * receipt that never came, the open batches are read from the chain again.
 */
export function createCommittedRecorder(
  services: RecorderServices & {
    readonly checkpoint: SettlementCheckpoint
    /** Open batches that start a settlement. */
    readonly settleEvery: number
  },
): Recorder {
  const { chain, lanes, funds, settlement, artifacts, logger, checkpoint } = services
  const limits = services.limits ?? committedLimits
  let open: readonly OpenBatch[] | undefined

  async function sure<T>(work: () => Promise<T>): Promise<T> {
    try {
      open ??= await recoverOpenBatches(services, await checkpoint.read())
      return await work()
    } catch (error) {
      open = undefined
      throw error
    }
  }

  async function commitAll(except: ReadonlySet<string>): Promise<readonly RecordedBatch[]> {
    const recorded: RecordedBatch[] = []
    const ends = new Map(lanes.all().map((lane) => [lane, lane.pending.at(-1)?.voucher.calls]))
    for (;;) {
      const committed = new Map(
        joinLanes(open ?? []).map(({ id, calls }) => [laneKey(id), calls.at(-1)?.voucher.calls]),
      )
      const ready: { id: PlannedLane['id']; pending: readonly AcceptedCall[] }[] = []
      for (const [lane, end = 0n] of ends) {
        const key = laneKey(lane.id)
        const from = committed.get(key) ?? lane.settled.calls
        if (end <= from || except.has(key)) continue
        const calls = await settleableCalls(services, lane)
        const isNew = ({ voucher }: AcceptedCall) => voucher.calls > from && voucher.calls <= end
        ready.push({ id: lane.id, pending: calls.filter(isNew) })
      }
      const planned = planBatch(ready, limits)
      if (planned.length === 0) return recorded
      recorded.push(await commit(planned))
    }
  }

  async function commit(planned: readonly PlannedLane[]): Promise<RecordedBatch> {
    const calls = planned.flatMap((lane) => lane.calls)
    const bytes = hexToBytes(packCalls(calls.map(({ call }) => call)))
    const { txHash, ...batch } = await chain.commitBatch({
      calls: calls.length,
      root: buildOrderedMerkleTree({ bytes, size: packedCallSize }).root,
      dataHash: await putChecked(artifacts, bytes),
      daCommitment: bytesToHex(Uint8Array.of(0, ...keccak256(bytes, 'bytes'))),
    })
    open = [...(open ?? []), { ...batch, lanes: planned }]
    const { batchId, blockNumber } = batch
    logger.info({ batchId: String(batchId), txHash, calls: calls.length }, 'batch committed')
    return { batchId, txHash, blockNumber, calls: calls.length, skipped: [] }
  }

  /** @returns key of the lane that the ledger refused. */
  async function settleSome(batches: readonly OpenBatch[]): Promise<string | undefined> {
    const joined = joinLanes(batches)
    const end = settlement.begin(new Set(joined.map(({ id }) => id.payer)))
    try {
      const owed = await Promise.all(
        joined.map(async ({ id, calls }) => {
          const lane = await lanes.open(id)
          const { voucher, signer, signature } = calls.at(-1) as AcceptedCall
          const to = laneHead({ settled: lane.settled, pending: calls })
          return { lane, to, voucher, signer, signature, calls: calls.length }
        }),
      )
      const refused = await chain.settle(
        batches.map(({ lanes: _, ...batch }) => batch),
        owed.map(({ lane: _, to, ...rest }) => ({ ...rest, charged: to.charged })),
      )
      if (refused !== undefined) {
        const { lane } = owed[refused.lane] as (typeof owed)[number]
        lane.skipReason = refused.reason
        logger.warn({ ...lane.id, reason: refused.reason }, 'lane not settled')
        return laneKey(lane.id)
      }
      for (const { lane, to } of owed) moveLane(funds, lane, to)
      logger.info({ batches: batches.length, lanes: owed.length }, 'batches settled')
      return undefined
    } finally {
      end()
    }
  }

  async function settleAll(): Promise<void> {
    const refused = new Set<string>()
    while (open !== undefined && open.length > 0) {
      const batches = takeWithin(open, limits.lanes)
      const key = await settleSome(batches)
      if (key === undefined) {
        open = open.slice(batches.length)
        continue
      }
      // Later batches continue the lanes of earlier ones, so all are given up and formed anew.
      refused.add(key)
      for (const { lanes: _, ...batch } of open) await chain.dropBatch(batch)
      open = []
      await commitAll(refused)
    }
    await checkpoint.write((await chain.blockNumber()) - safetyBlocks)
  }

  return {
    record: () =>
      sure(async () => {
        const recorded = await commitAll(new Set())
        if ((open ?? []).length >= services.settleEvery) await settleAll()
        return recorded
      }),
    settle: () => sure(settleAll),
  }
}
