import {
  type Account,
  type Chain,
  ContractFunctionRevertedError,
  encodeFunctionData,
  type Log,
  type PublicClient,
  parseEventLogs,
  type Transport,
  BaseError as ViemError,
  type WalletClient,
} from 'viem'
import { inferenceLedgerAbi } from '../contracts/abi/inference-ledger.ts'
import type { ErrorCode } from '../schema/error-codes.ts'
import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { LedgerChain } from './ledger-chain.ts'

const codec = 1
const abi = inferenceLedgerAbi

type Writes = Pick<LedgerChain, 'recordBatch' | 'commitBatch' | 'settle' | 'dropBatch'>

/** The transactions of an operator; each returns when its receipt is there. */
export function createLedgerWrites(options: {
  readonly node: PublicClient
  readonly wallet: WalletClient<Transport, Chain, Account>
  readonly ledger: Hex
  /** Milliseconds to wait for a receipt. */
  readonly timeout: number
}): Writes {
  const { node, wallet, ledger, timeout } = options

  async function send<T>(
    code: ErrorCode,
    data: Hex,
    read: (logs: readonly Log[], txHash: Hex, blockNumber: bigint) => T | undefined,
  ): Promise<T> {
    let txHash: Hex | undefined
    try {
      txHash = await wallet.sendTransaction({ to: ledger, data })
      // While viem looks for a replacement it drops block notifications; on a node that only mines
      // when something is sent, the dropped one is the last.
      const receipt = await node.waitForTransactionReceipt({
        ...{ hash: txHash, timeout, checkReplacement: false },
      })
      const logs = receipt.logs.filter((log) => log.address.toLowerCase() === ledger)
      const result = read(logs, txHash, receipt.blockNumber)
      if (result !== undefined) return result
      throw new BaseError(code, { facts: { status: receipt.status, transaction: txHash } })
    } catch (cause) {
      if (isErrorWithCode(cause)) throw cause
      throw new BaseError(code, { facts: { transaction: txHash }, cause })
    }
  }

  return {
    recordBatch({ data, dataHash, lanes }) {
      const args = [codec, data, dataHash, lanes] as const
      const call = encodeFunctionData({ abi, functionName: 'recordBatch', args })
      return send('BATCH_NOT_RECORDED', call, (logs, txHash, blockNumber) => {
        const parsed = parseEventLogs({
          abi,
          eventName: ['BatchPacked', 'LaneSkipped'],
          logs: [...logs],
        })
        const packed = parsed.find((log) => log.eventName === 'BatchPacked')
        if (packed === undefined) return undefined
        const skipped = parsed.flatMap(({ eventName, args: log }): [number, number][] =>
          eventName === 'LaneSkipped' ? [[log.lane, log.reason]] : [],
        )
        const { batchId } = packed.args
        return { batchId, txHash, blockNumber, skipped: new Map(skipped) }
      })
    },
    async commitBatch({ calls, root, dataHash, daCommitment }) {
      const args = [codec, calls, root, dataHash, daCommitment] as const
      const call = encodeFunctionData({ abi, functionName: 'commitBatch', args })
      const sent = await send('BATCH_NOT_RECORDED', call, (logs, txHash, blockNumber) => {
        const [event] = parseEventLogs({ abi, eventName: 'BatchCommitted', logs: [...logs] })
        return event && { batchId: event.args.batchId, txHash, blockNumber }
      })
      try {
        const { timestamp } = await node.getBlock({ blockNumber: sent.blockNumber })
        return { ...sent, recordedAt: timestamp, calls, root }
      } catch (cause) {
        throw new BaseError('BATCH_NOT_RECORDED', { facts: { transaction: sent.txHash }, cause })
      }
    },
    async settle(batches, lanes) {
      const args = [batches, lanes] as const
      const call = { address: ledger, abi, functionName: 'settle', args } as const
      try {
        await node.simulateContract({ ...call, account: wallet.account })
      } catch (cause) {
        const rejected = readRejection(cause)
        if (rejected !== undefined) return rejected
        throw new BaseError('BATCH_NOT_SETTLED', { facts: { batches: batches.length }, cause })
      }
      const data = encodeFunctionData({ abi, functionName: 'settle', args })
      await send(
        'BATCH_NOT_SETTLED',
        data,
        (logs) => parseEventLogs({ abi, eventName: 'BatchSettled', logs: [...logs] })[0],
      )
      return undefined
    },
    async dropBatch(batch) {
      const data = encodeFunctionData({ abi, functionName: 'dropBatch', args: [batch] })
      await send(
        'BATCH_NOT_SETTLED',
        data,
        (logs) => parseEventLogs({ abi, eventName: 'BatchDropped', logs: [...logs] })[0],
      )
    },
  }
}

function readRejection(error: unknown): { lane: number; reason: number } | undefined {
  if (!(error instanceof ViemError)) return undefined
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  if (!(reverted instanceof ContractFunctionRevertedError)) return undefined
  if (reverted.data?.errorName !== 'LaneRejected') return undefined
  const [lane, reason] = reverted.data.args as readonly [bigint, number]
  return { lane: Number(lane), reason }
}
