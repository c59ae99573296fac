import { hexToBytes } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import { fastLzSize } from './fast-lz-size.ts'

/** What a rollup of the OP Stack charges by; prices in wei, scalars as `L1Block` holds them. */
export interface OpStackPrices {
  readonly l1BaseFee: bigint
  readonly l1BlobBaseFee: bigint
  readonly baseFeeScalar: bigint
  readonly blobBaseFeeScalar: bigint
  /** Base fee and tip of the rollup, per gas. */
  readonly l2GasPrice: bigint
  readonly operatorFeeScalar: bigint
  readonly operatorFeeConstant: bigint
}

/** Parts of the fee of one transaction, in wei. */
export interface OpStackFee {
  readonly execution: bigint
  readonly l1Data: bigint
  readonly operator: bigint
  readonly total: bigint
}

const million = 1_000_000n
const smallest = 100n * million

/** Adds up what one transaction costs on a rollup with Fjord, Isthmus and Jovian active. */
export function opStackFee(
  transaction: { readonly signed: Hex; readonly gas: number },
  prices: OpStackPrices,
): OpStackFee {
  const execution = BigInt(transaction.gas) * prices.l2GasPrice
  const l1Data = fjordL1Fee(fastLzSize(hexToBytes(transaction.signed)), prices)
  const operator = jovianOperatorFee(BigInt(transaction.gas), prices)
  return { execution, l1Data, operator, total: execution + l1Data + operator }
}

/**
 * Fee for the data of a transaction.
 *
 * @param size FastLZ size of the signed transaction.
 * @see https://specs.optimism.io/protocol/fjord/exec-engine.html
 */
export function fjordL1Fee(
  size: number,
  prices: Pick<
    OpStackPrices,
    'l1BaseFee' | 'l1BlobBaseFee' | 'baseFeeScalar' | 'blobBaseFeeScalar'
  >,
): bigint {
  const linear = 836_500n * BigInt(size) - 42_585_600n
  const estimated = linear > smallest ? linear : smallest
  const weighted =
    16n * prices.baseFeeScalar * prices.l1BaseFee + prices.blobBaseFeeScalar * prices.l1BlobBaseFee
  return (estimated * weighted) / (million * million)
}

type OperatorFee = Pick<OpStackPrices, 'operatorFeeScalar' | 'operatorFeeConstant'>

/** Operator fee of Isthmus. @see https://specs.optimism.io/protocol/isthmus/exec-engine.html */
export const isthmusOperatorFee = (gas: bigint, prices: OperatorFee): bigint =>
  (gas * prices.operatorFeeScalar) / million + prices.operatorFeeConstant

/** Operator fee of Jovian. @see https://specs.optimism.io/protocol/jovian/exec-engine.html */
export const jovianOperatorFee = (gas: bigint, prices: OperatorFee): bigint =>
  gas * prices.operatorFeeScalar * 100n + prices.operatorFeeConstant
