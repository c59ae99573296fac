import { getAbiItem, type PublicClient } from 'viem'
import { inferenceLedgerAbi as abi } from '../contracts/abi/inference-ledger.ts'
import type { Hex } from '../schema/events/event.ts'
import type { CommittedBatch } from './ledger-chain.ts'

const events = [
  getAbiItem({ abi, name: 'BatchCommitted' }),
  getAbiItem({ abi, name: 'BatchSettled' }),
  getAbiItem({ abi, name: 'BatchDropped' }),
] as const

// Nodes refuse longer ranges or larger answers.
const blocksAtOnce = 2_000n

/**
 * Reads from the log which batches an operator committed and neither settled nor dropped.
 *
 * @returns in ascending order of their ids.
 */
export async function readOpenBatches(
  node: PublicClient,
  ledger: Hex,
  operator: Hex,
  fromBlock: bigint,
): Promise<readonly (CommittedBatch & { readonly dataHash: Hex })[]> {
  const head = await node.getBlockNumber()
  const open = new Map<bigint, Omit<CommittedBatch, 'recordedAt'> & { readonly dataHash: Hex }>()
  for (let from = fromBlock; from <= head; from += blocksAtOnce) {
    const last = from + blocksAtOnce - 1n
    const toBlock = last < head ? last : head
    const logs = await node.getLogs({
      address: ledger,
      events,
      fromBlock: from,
      toBlock,
      strict: true,
    })
    for (const { eventName, args, blockNumber } of logs) {
      const { batchId } = args
      if (eventName !== 'BatchCommitted') open.delete(batchId)
      else if (args.operator.toLowerCase() === operator) {
        const { calls, root, dataHash } = args
        open.set(batchId, { batchId, blockNumber, calls, root, dataHash })
      }
    }
  }
  return Promise.all(
    [...open.values()].map(async (batch) => {
      const { timestamp } = await node.getBlock({ blockNumber: batch.blockNumber })
      return { ...batch, recordedAt: timestamp }
    }),
  )
}
