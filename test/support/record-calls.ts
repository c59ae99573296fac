import { keccak256 } from 'viem'
import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { type PackedCall, packCalls, packedCallSize } from '../../schema/codec/packed-calls.ts'
import {
  emptyChain,
  extendChain,
  type Voucher,
  voucherDomain,
  voucherTypes,
} from '../../schema/codec/voucher.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { DeployedChain } from './deployed-chain.ts'

/** A call as a test describes it; the rest of the record is made up. */
export interface TestCall {
  readonly modelId: number
  readonly termsVersion: number
  readonly fee: bigint
  readonly requestHash?: Hex
  readonly outputHash?: Hex
}

/** Records batches of the payer `payer` with valid vouchers, packed or committed. */
export interface CallRecorder {
  deposit(amount: bigint): Promise<void>
  /** @param spoiled positions of lanes whose signature is wrong, so that they are skipped. */
  recordPacked(
    calls: readonly TestCall[],
    spoiled?: readonly number[],
    dataHash?: Hex,
  ): Promise<bigint>
  commit(calls: readonly TestCall[]): Promise<CommittedCalls>
  settle(committed: CommittedCalls): Promise<void>
}

export interface CommittedCalls {
  readonly batch: {
    readonly batchId: bigint
    readonly blockNumber: bigint
    readonly recordedAt: bigint
    readonly calls: number
    readonly root: Hex
  }
  readonly records: readonly PackedCall[]
}

interface LaneTotals {
  readonly calls: bigint
  readonly charged: bigint
  readonly chain: Hex
}

export function callRecorder(deployed: DeployedChain): CallRecorder {
  const { publicClient, deployment, wallet } = deployed
  const { ledger, escrow, token } = deployment.addresses
  const payer = wallet('payer')
  const operator = wallet('operator')
  const payerAddress = payer.account.address.toLowerCase() as Hex
  const lanes = new Map<string, LaneTotals>()
  let serial = 0

  const mined = async (hash: Hex) => {
    const receipt = await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    if (receipt.status !== 'success') throw new TypeError(`transaction ${hash} failed`)
    return receipt
  }
  const toRecord = (call: TestCall): PackedCall => {
    const { modelId, termsVersion, fee } = call
    serial += 1
    const requestHash = call.requestHash ?? keccak256(`0x${serial.toString(16).padStart(8, '0')}`)
    return {
      ...{ payer: payerAddress, modelId, modelVersion: 1, termsVersion, fee },
      ...{ tokensIn: 7, tokensOut: 9, calledAt: 1_760_000_000 },
      ...{ requestHash, outputHash: call.outputHash ?? keccak256(requestHash) },
    }
  }
  const runs = (records: readonly PackedCall[]) => {
    const found: PackedCall[][] = []
    for (const record of records) {
      const last = found.at(-1)?.[0]
      const same = last?.modelId === record.modelId && last.termsVersion === record.termsVersion
      if (same) found.at(-1)!.push(record)
      else found.push([record])
    }
    return found
  }
  const sign = async (records: readonly PackedCall[], spoiled: boolean) => {
    const { modelId, termsVersion } = records[0]!
    const key = `${modelId}:${termsVersion}`
    const before = lanes.get(key) ?? { calls: 0n, charged: 0n, chain: emptyChain }
    const after = {
      calls: before.calls + BigInt(records.length),
      charged: before.charged + records.reduce((sum, { fee }) => sum + fee, 0n),
      chain: records.reduce(
        (link, { requestHash }) => extendChain(link, requestHash),
        before.chain,
      ),
    }
    const voucher: Voucher = {
      ...{ payer: payerAddress, operator: operator.account.address, modelId, termsVersion },
      ...{ calls: after.calls, cumulativeMaxFee: after.charged, callsChain: after.chain },
    }
    const signer = spoiled ? operator : payer
    const signature = await signer.signTypedData({
      domain: voucherDomain(deployment.chainId, ledger),
      types: voucherTypes,
      primaryType: 'Voucher',
      message: voucher,
    })
    if (!spoiled) lanes.set(key, after)
    const signed = { voucher, signer: payerAddress, calls: records.length, signature }
    return { signed, charged: after.charged }
  }

  return {
    async deposit(amount) {
      const admin = wallet('admin')
      const approve = { address: token, abi: provenantTokenAbi, functionName: 'approve' } as const
      await mined(await admin.writeContract({ ...approve, args: [escrow, amount] }))
      await mined(
        await admin.writeContract({
          address: escrow,
          abi: inferenceEscrowAbi,
          functionName: 'depositFor',
          args: [payerAddress, operator.account.address, amount],
        }),
      )
    },
    async recordPacked(calls, spoiled = [], dataHash = keccak256('0x03')) {
      const records = calls.map(toRecord)
      const signed = []
      for (const [lane, run] of runs(records).entries()) {
        signed.push((await sign(run, spoiled.includes(lane))).signed)
      }
      await mined(
        await operator.writeContract({
          address: ledger,
          abi: inferenceLedgerAbi,
          functionName: 'recordBatch',
          args: [1, packCalls(records), dataHash, signed],
        }),
      )
      return batchCount()
    },
    async commit(calls) {
      const records = calls.map(toRecord)
      const bytes = Buffer.from(packCalls(records).slice(2), 'hex')
      const { root } = buildOrderedMerkleTree({ bytes, size: packedCallSize })
      const { blockNumber } = await mined(
        await operator.writeContract({
          address: ledger,
          abi: inferenceLedgerAbi,
          functionName: 'commitBatch',
          args: [1, records.length, root, keccak256('0x04'), '0x01'],
        }),
      )
      const { timestamp: recordedAt } = await publicClient.getBlock({ blockNumber })
      const batchId = await batchCount()
      return { batch: { batchId, blockNumber, recordedAt, calls: records.length, root }, records }
    },
    async settle({ batch, records }) {
      const settled = []
      for (const run of runs(records)) {
        const { signed, charged } = await sign(run, false)
        settled.push({ ...signed, charged })
      }
      await mined(
        await operator.writeContract({
          address: ledger,
          abi: inferenceLedgerAbi,
          functionName: 'settle',
          args: [[batch], settled],
        }),
      )
    },
  }

  function batchCount(): Promise<bigint> {
    return publicClient.readContract({
      address: ledger,
      abi: inferenceLedgerAbi,
      functionName: 'batchCount',
    })
  }
}
