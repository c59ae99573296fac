import type { Hex } from '../../schema/events/event.ts'
import { feeScenarios } from './fee-scenarios.ts'
import { opStackFee } from './op-stack-fee.ts'

/** What one item of a transaction costs on a rollup in each scenario. */
export interface ItemPrice {
  readonly item: string
  readonly scenario: string
  readonly dollars: number
  /** Part of the fee that goes to the data on L1. */
  readonly l1Share: number
}

/** Prices a transaction and divides by the items in it. */
export function priceCalls(
  item: string,
  transactions: readonly { readonly gas: number; readonly signed: Hex }[],
  items: number,
): readonly ItemPrice[] {
  return feeScenarios.map((scenario) => {
    const fees = transactions.map((transaction) => opStackFee(transaction, scenario))
    const total = fees.reduce((sum, fee) => sum + fee.total, 0n)
    const l1Data = fees.reduce((sum, fee) => sum + fee.l1Data, 0n)
    const dollars = ((Number(total) / 1e18) * scenario.dollarsPerEther) / items
    return {
      ...{ item, scenario: scenario.name },
      dollars: Number(dollars.toPrecision(3)),
      l1Share: Number((Number(l1Data) / Number(total)).toFixed(2)),
    }
  })
}
