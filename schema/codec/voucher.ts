import { concat, hashTypedData, keccak256, type TypedDataDomain } from 'viem'
import type { Hex } from '../events/event.ts'

/**
 * What a payer signs before each call (EIP-712): all calls of a lane so far, as a hash chain, and
 * the most they may cost together. Only the last voucher of a lane is needed to settle it.
 */
export interface Voucher {
  readonly payer: Hex
  readonly operator: Hex
  readonly modelId: number
  readonly termsVersion: number
  /** Calls of the lane, this one included. */
  readonly calls: bigint
  readonly cumulativeMaxFee: bigint
  readonly callsChain: Hex
}

export const voucherTypes = {
  Voucher: [
    { name: 'payer', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'modelId', type: 'uint32' },
    { name: 'termsVersion', type: 'uint16' },
    { name: 'calls', type: 'uint64' },
    { name: 'cumulativeMaxFee', type: 'uint128' },
    { name: 'callsChain', type: 'bytes32' },
  ],
} as const

/** Hash chain value of a lane without calls. */
export const emptyChain: Hex = `0x${'0'.repeat(64)}`

/** Extends a lane's hash chain by one request. */
export const extendChain = (chain: Hex, requestHash: Hex): Hex =>
  keccak256(concat([chain, requestHash]))

/** EIP-712 domain of the ledger that settles vouchers. */
export const voucherDomain = (chainId: number, ledger: Hex) =>
  ({
    name: 'Provenant InferenceLedger',
    version: '1',
    chainId,
    verifyingContract: ledger,
  }) as const satisfies TypedDataDomain

/** Digest that the payer signs. */
export const voucherDigest = (chainId: number, ledger: Hex, voucher: Voucher): Hex =>
  hashTypedData({
    domain: voucherDomain(chainId, ledger),
    types: voucherTypes,
    primaryType: 'Voucher',
    message: voucher,
  })
