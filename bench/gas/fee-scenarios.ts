import type { OpStackPrices } from './op-stack-fee.ts'

/** Prices of one moment; they are assumptions, stated so that anybody can put in others. */
export interface FeeScenario extends OpStackPrices {
  readonly name: 'quiet' | 'mid' | 'busy'
  readonly dollarsPerEther: number
}

const gwei = 1_000_000_000n
/** Scalars as the study of the fees took them; no operator fee. */
const chain = {
  baseFeeScalar: 5227n,
  blobBaseFeeScalar: 1_014_213n,
  operatorFeeScalar: 0n,
  operatorFeeConstant: 0n,
  dollarsPerEther: 3000,
} as const

/** The blob fee of the first two is at EIP-7918's floor, a sixteenth of the base fee. */
export const feeScenarios: readonly FeeScenario[] = [
  {
    ...{ name: 'quiet', ...chain, l2GasPrice: gwei / 1000n },
    ...{ l1BaseFee: gwei / 2n, l1BlobBaseFee: gwei / 32n },
  },
  {
    ...{ name: 'mid', ...chain, l2GasPrice: gwei / 200n },
    ...{ l1BaseFee: 3n * gwei, l1BlobBaseFee: (3n * gwei) / 16n },
  },
  {
    ...{ name: 'busy', ...chain, l2GasPrice: gwei / 20n },
    ...{ l1BaseFee: 30n * gwei, l1BlobBaseFee: 5n * gwei },
  },
]
