import { keccak256, zeroHash } from 'viem'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { type CallWeights, callKey, weightsHash } from '../../schema/codec/epoch-leaves.ts'
import {
  buildOrderedMerkleTree,
  type OrderedMerkleTree,
} from '../../schema/codec/ordered-merkle-tree.ts'
import { packCallLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import { packCalls, packedCallSize } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import { createCallLane } from './call-lane.ts'
import type { GasLab, Sender } from './gas-lab.ts'
import { someHash } from './some-hash.ts'

/** What the ledger remembers of a batch, as the fault proofs take it. */
export interface BatchAnchor {
  readonly mode: number
  readonly operator: Hex
  readonly blockNumber: bigint
  readonly recordedAt: bigint
  readonly calls: number
  readonly digest: Hex
  readonly skipped: Hex
}

/** A batch on the chain with its records. */
export interface RecordedBatch {
  readonly batchId: bigint
  readonly anchor: BatchAnchor
  /** All records, one after the other. */
  readonly data: Hex
  readonly records: OrderedMerkleTree
  record(index: number): Hex
}

const calls = 1000

/** Records 1,000 calls of model 1 in each mode. */
export async function recordCalls(
  lab: GasLab,
  payers: readonly [Sender, Sender],
): Promise<{ readonly packed: RecordedBatch; readonly settled: RecordedBatch }> {
  const { operator } = lab.accounts
  const ledger = { address: lab.deployment.addresses.ledger, abi: inferenceLedgerAbi } as const
  const [packedLane, settledLane] = payers.map((payer) => createCallLane(lab, payer, 1)) as [
    ReturnType<typeof createCallLane>,
    ReturnType<typeof createCallLane>,
  ]
  const { timestamp } = await lab.block()

  const packedData = packCalls(packedLane.add(calls, timestamp))
  const lane = { ...(await packedLane.sign()), calls }
  const { receipt } = await lab.send(operator, {
    ...{ ...ledger, functionName: 'recordBatch' },
    args: [1, packedData, someHash('citations'), [lane]],
  })
  const packedBlock = await lab.block()
  const packedId = BigInt(receipt.logs.at(-1)?.topics[1] ?? 0)
  const packedAnchor = { mode: 1, digest: keccak256(packedData) }

  const settledData = packCalls(settledLane.add(calls, timestamp))
  const { root } = recordTree(settledData)
  await lab.send(operator, {
    ...{ ...ledger, functionName: 'commitBatch' },
    args: [1, calls, root, someHash('body'), `0x00${someHash('da').slice(2)}`],
  })
  const committed = await lab.block()
  const batch = {
    ...{ batchId: packedId + 1n, calls, root },
    ...{ blockNumber: committed.number, recordedAt: committed.timestamp },
  }
  const signed = { ...(await settledLane.sign()), charged: settledLane.charged(), calls }
  await lab.send(operator, { ...ledger, functionName: 'settle', args: [[batch], [signed]] })
  const settledBlock = await lab.block()

  const describe = (
    batchId: bigint,
    data: Hex,
    block: { readonly number: bigint; readonly timestamp: bigint },
    anchor: { readonly mode: number; readonly digest: Hex },
  ): RecordedBatch => ({
    ...{ batchId, data, records: recordTree(data) },
    anchor: {
      ...{ operator: operator.address, blockNumber: block.number, recordedAt: block.timestamp },
      ...{ calls, skipped: zeroHash, ...anchor },
    },
    record: (index) =>
      `0x${data.slice(2 + 2 * index * packedCallSize, 2 + 2 * (index + 1) * packedCallSize)}`,
  })
  return {
    packed: describe(packedId, packedData, packedBlock, packedAnchor),
    settled: describe(packedId + 1n, settledData, settledBlock, { mode: 3, digest: root }),
  }
}

/** Call leaves of some calls of batches, all with the same weights, and proofs of them. */
export function buildCallTree(
  entries: readonly {
    readonly batch: RecordedBatch
    readonly index: number
    readonly recordHash?: Hex
  }[],
  weights: CallWeights,
) {
  const leaves = entries.map(({ batch, index, recordHash }) => ({
    callKey: callKey(batch.batchId, index),
    recordHash: recordHash ?? keccak256(batch.record(index)),
    weightsHash: weightsHash(weights),
  }))
  const tree = buildOrderedMerkleTree(packCallLeaves(leaves))
  const proofOf = (index: number) => {
    const leaf = leaves[index]
    if (leaf === undefined) throw new RangeError(`call ${index} of ${leaves.length}`)
    return { ...leaf, index, proof: tree.proof(index) }
  }
  return { tree, proofOf, callsRoot: tree.root, calls: leaves.length }
}

const recordTree = (data: Hex) =>
  buildOrderedMerkleTree({ bytes: Buffer.from(data.slice(2), 'hex'), size: packedCallSize })
