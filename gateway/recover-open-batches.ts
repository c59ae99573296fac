import { bytesToHex } from 'viem'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { type PackedCall, unpackCalls } from '../schema/codec/packed-calls.ts'
import { isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import { type AcceptedCall, laneKey } from './lane.ts'
import type { LaneBook } from './lane-book.ts'
import type { LedgerChain } from './ledger-chain.ts'
import type { Logger } from './logger.ts'
import type { OpenBatch } from './open-batch.ts'
import type { PlannedLane } from './plan-batch.ts'

/**
 * Rebuilds the batches that wait for their settlement from the chain, their bodies and the journal's
 * calls. A batch that holds anything but the next calls of its lanes can never be settled, because
 * their vouchers are gone or were settled otherwise; it is dropped, and its calls are recorded anew.
 *
 * @throws `NODE_UNAVAILABLE`, `BATCH_NOT_SETTLED`.
 */
export async function recoverOpenBatches(
  services: {
    readonly chain: Pick<LedgerChain, 'openBatches' | 'dropBatch'>
    readonly lanes: Pick<LaneBook, 'open'>
    readonly artifacts: Pick<ArtifactStore, 'get'>
    readonly logger: Logger
  },
  fromBlock: bigint,
): Promise<readonly OpenBatch[]> {
  const { chain, lanes, artifacts, logger } = services
  const taken = new Map<string, number>()
  const recovered: OpenBatch[] = []

  async function match(
    records: readonly PackedCall[],
  ): Promise<readonly PlannedLane[] | undefined> {
    const planned: PlannedLane[] = []
    for (const run of splitRuns(records)) {
      const { payer, modelId, termsVersion } = run[0] as PackedCall
      const id = { payer, modelId, termsVersion }
      const { pending, skipReason } = await lanes.open(id)
      const from = taken.get(laneKey(id)) ?? 0
      const calls = pending.slice(from, from + run.length)
      const isSame = calls.length === run.length && calls.every(sameAs(run))
      if (!isSame || skipReason !== undefined) return undefined
      planned.push({ id, calls })
    }
    for (const { id, calls } of planned)
      taken.set(laneKey(id), (taken.get(laneKey(id)) ?? 0) + calls.length)
    return planned
  }

  for (const { dataHash, ...batch } of await chain.openBatches(fromBlock)) {
    const records = await readBody(artifacts, dataHash)
    const planned = records === undefined ? undefined : await match(records)
    if (planned !== undefined) {
      recovered.push({ ...batch, lanes: planned })
      continue
    }
    logger.warn({ batchId: String(batch.batchId), calls: batch.calls }, 'batch dropped')
    await chain.dropBatch(batch)
  }
  return recovered
}

async function readBody(
  artifacts: Pick<ArtifactStore, 'get'>,
  dataHash: Hex,
): Promise<readonly PackedCall[] | undefined> {
  try {
    return unpackCalls(bytesToHex(await artifacts.get(dataHash)))
  } catch (error) {
    if (isErrorWithCode(error)) return undefined
    throw error
  }
}

function splitRuns(records: readonly PackedCall[]): readonly (readonly PackedCall[])[] {
  const runs: PackedCall[][] = []
  for (const record of records) {
    const [first] = runs.at(-1) ?? []
    if (first !== undefined && laneKey(first) === laneKey(record)) runs.at(-1)?.push(record)
    else runs.push([record])
  }
  return runs
}

const sameAs =
  (records: readonly PackedCall[]) =>
  ({ call }: AcceptedCall, i: number): boolean =>
    call.requestHash === records[i]?.requestHash &&
    call.outputHash === records[i]?.outputHash &&
    call.fee === records[i]?.fee
