import type { PackedCall } from '../../schema/codec/packed-calls.ts'
import {
  emptyChain,
  extendChain,
  type Voucher,
  voucherDomain,
  voucherTypes,
} from '../../schema/codec/voucher.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { GasLab, Sender } from './gas-lab.ts'
import { someHash } from './some-hash.ts'

/** Base units that each call of the bench costs: a realistic number of non-zero bytes. */
export const callFee = 1_234_567_890_123_456n

/** One payer's calls of one model, with the voucher that covers them. */
export interface CallLane {
  readonly payer: Sender
  /** Adds calls. @returns Their records. */
  add(count: number, timestamp: bigint): readonly PackedCall[]
  /** Signs for all calls added so far. */
  sign(): Promise<{ readonly voucher: Voucher; readonly signer: Hex; readonly signature: Hex }>
  /** Fees of all calls added so far. */
  charged(): bigint
}

/** Starts the lane of a payer and a model. */
export function createCallLane(lab: GasLab, payer: Sender, modelId: number): CallLane {
  const { ledger } = lab.deployment.addresses
  let calls = 0n
  let callsChain = emptyChain
  const charged = () => callFee * calls
  return {
    payer,
    charged,
    add(count, timestamp) {
      return Array.from({ length: count }, () => {
        calls += 1n
        const requestHash = someHash(`request ${payer.address} ${modelId} ${calls}`)
        callsChain = extendChain(callsChain, requestHash)
        return {
          payer: payer.address.toLowerCase() as Hex,
          ...{ modelId, modelVersion: 1, termsVersion: 1, fee: callFee, requestHash },
          ...{ tokensIn: 180 + Number(calls % 50n), tokensOut: 310, calledAt: Number(timestamp) },
          outputHash: someHash(`output ${payer.address} ${modelId} ${calls}`),
        }
      })
    },
    async sign() {
      const voucher = {
        ...{ payer: payer.address, operator: lab.accounts.operator.address, modelId },
        ...{ termsVersion: 1, calls, callsChain, cumulativeMaxFee: 2n * charged() },
      }
      const signature = await payer.signTypedData({
        domain: voucherDomain(lab.chainId, ledger),
        types: voucherTypes,
        primaryType: 'Voucher',
        message: voucher,
      })
      return { voucher, signer: payer.address, signature }
    },
  }
}
