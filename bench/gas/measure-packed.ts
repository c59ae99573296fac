import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { packCalls } from '../../schema/codec/packed-calls.ts'
import { createCallLane } from './call-lane.ts'
import type { Cost, GasLab, Sender } from './gas-lab.ts'
import { someHash } from './some-hash.ts'

/** A packed batch: all records in one event. */
export interface PackedCost extends Pick<Cost, 'gas' | 'bytes' | 'signed'> {
  readonly mode: 'packed'
  readonly calls: number
  readonly payers: number
  readonly gasPerCall: number
  /** The first batch of its lanes, which writes their storage. */
  readonly firstGas: number
}

const shapes = [
  { calls: 1, payers: 1 },
  { calls: 10, payers: 1 },
  { calls: 10, payers: 10 },
  { calls: 100, payers: 1 },
  { calls: 100, payers: 10 },
  { calls: 100, payers: 100 },
  { calls: 1000, payers: 1 },
  { calls: 1000, payers: 10 },
  { calls: 1000, payers: 100 },
] as const

/**
 * Weighs packed batches of 1 to 1,000 calls of 1 to 100 payers; every payer has one lane.
 *
 * The later batch of the same lanes counts, as in operation.
 */
export async function measurePacked(
  lab: GasLab,
  payers: readonly Sender[],
): Promise<readonly PackedCost[]> {
  const results: PackedCost[] = []
  for (const [i, { calls, payers: count }] of shapes.entries()) {
    const lanes = payers.slice(0, count).map((payer) => createCallLane(lab, payer, 1000 + i))
    const record = async (): Promise<Cost> => {
      const { timestamp } = await lab.block()
      const perLane = calls / count
      const records = lanes.flatMap((lane) => lane.add(perLane, timestamp))
      const signed = await Promise.all(
        lanes.map(async (lane) => ({ ...(await lane.sign()), calls: perLane })),
      )
      return lab.send(lab.accounts.operator, {
        ...{ address: lab.deployment.addresses.ledger, abi: inferenceLedgerAbi },
        functionName: 'recordBatch',
        args: [1, packCalls(records), someHash(`citations ${i}`), signed],
      })
    }
    const { gas: firstGas } = await record()
    const { gas, bytes, signed, receipt } = await record()
    if (receipt.logs.length < count + 1) throw new Error('a lane was skipped')
    const mode = 'packed' as const
    results.push({
      mode,
      calls,
      payers: count,
      gas,
      gasPerCall: gas / calls,
      firstGas,
      bytes,
      signed,
    })
  }
  return results
}
