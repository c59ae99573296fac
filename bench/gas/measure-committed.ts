import { keccak256, toHex } from 'viem'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import type { Hex } from '../../schema/events/event.ts'
import { createCallLane } from './call-lane.ts'
import type { Cost, GasLab, Sender } from './gas-lab.ts'
import { someHash } from './some-hash.ts'

/** A committed batch: a Merkle root and where the records are. */
export interface CommittedCost extends Pick<Cost, 'gas' | 'bytes' | 'signed'> {
  readonly mode: 'committed'
  readonly calls: number
  readonly gasPerCall: number
}

/** A settlement of committed batches with one voucher per payer. */
export interface SettlementCost extends Pick<Cost, 'gas' | 'bytes' | 'signed'> {
  readonly batches: number
  readonly calls: number
  readonly payers: number
  /** The settlement alone. */
  readonly gasPerCall: number
  readonly gasPerPayer: number
  /** The settlement and the batches that it settles. */
  readonly gasPerCallWithBatches: number
}

const daCommitment = (name: string): Hex => `0x00${keccak256(toHex(name)).slice(2)}`

/** Weighs committed batches of 1 to 1,000 calls, the second and later ones. */
export async function measureCommitted(lab: GasLab): Promise<readonly CommittedCost[]> {
  await commit(lab, 1)
  const results: CommittedCost[] = []
  for (const calls of [1, 10, 100, 1000]) {
    const { gas, bytes, signed } = (await commit(lab, calls)).cost
    results.push({ mode: 'committed', calls, gas, gasPerCall: gas / calls, bytes, signed })
  }
  return results
}

/** Weighs settlements of one and of ten batches of 1,000 calls. */
export async function measureSettlement(
  lab: GasLab,
  payers: readonly Sender[],
): Promise<readonly SettlementCost[]> {
  const results: SettlementCost[] = []
  for (const [i, { batches, count }] of [
    { batches: 1, count: 1 },
    { batches: 1, count: 10 },
    { batches: 1, count: 100 },
    { batches: 10, count: 100 },
  ].entries()) {
    const lanes = payers.slice(0, count).map((payer) => createCallLane(lab, payer, 2000 + i))
    const calls = 1000 * batches
    const settle = async () => {
      const committed = []
      let batchGas = 0
      for (let batch = 0; batch < batches; batch++) {
        const { cost, batch: entry } = await commit(lab, 1000)
        committed.push(entry)
        batchGas += cost.gas
      }
      const { timestamp } = await lab.block()
      const signed = await Promise.all(
        lanes.map(async (lane) => {
          lane.add(calls / count, timestamp)
          return { ...(await lane.sign()), charged: lane.charged(), calls: calls / count }
        }),
      )
      const cost = await lab.send(lab.accounts.operator, {
        ...{ address: lab.deployment.addresses.ledger, abi: inferenceLedgerAbi },
        functionName: 'settle',
        args: [committed, signed],
      })
      return { ...cost, batchGas }
    }
    await settle()
    const { gas, bytes, signed, batchGas } = await settle()
    results.push({
      ...{ batches, calls, payers: count, gas, bytes, signed },
      gasPerCall: gas / calls,
      gasPerPayer: gas / count,
      gasPerCallWithBatches: (gas + batchGas) / calls,
    })
  }
  return results
}

let made = 0

async function commit(lab: GasLab, calls: number) {
  made += 1
  const root = someHash(`records ${made}`)
  const cost = await lab.send(lab.accounts.operator, {
    ...{ address: lab.deployment.addresses.ledger, abi: inferenceLedgerAbi },
    functionName: 'commitBatch',
    args: [1, calls, root, someHash(`body ${made}`), daCommitment(`da ${made}`)],
  })
  const [event] = cost.receipt.logs
  const { number, timestamp } = await lab.block()
  const batchId = BigInt(event?.topics[1] ?? 0)
  return { cost, batch: { batchId, blockNumber: number, recordedAt: timestamp, calls, root } }
}
