import { BaseError } from '../../schema/errors.ts'
import type { Share } from '../../schema/events/attribution.ts'
import type { Decimal, Hex } from '../../schema/events/event.ts'

export interface Balance {
  readonly account: Hex
  /** Everything earned since the first epoch. */
  readonly cumulative: Decimal
}

/**
 * Adds the shares of an epoch to the balances before it; sorted by account.
 *
 * @throws SUM_MISMATCH if the shares of a call are not its fee.
 */
export function tallyBalances(
  previous: readonly Balance[],
  calls: readonly {
    readonly callId: Hex
    readonly fee: Decimal
    readonly shares: readonly Share[]
  }[],
): readonly Balance[] {
  const totals = new Map(previous.map(({ account, cumulative }) => [account, BigInt(cumulative)]))
  for (const { callId, fee, shares } of calls) {
    let sum = 0n
    for (const { account, amount } of shares) {
      sum += BigInt(amount)
      totals.set(account, (totals.get(account) ?? 0n) + BigInt(amount))
    }
    if (sum !== BigInt(fee)) {
      throw new BaseError('SUM_MISMATCH', { facts: { callId, fee, shares: sum } })
    }
  }
  return [...totals]
    .filter(([, cumulative]) => cumulative > 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, cumulative]) => ({ account, cumulative: String(cumulative) }))
}

export const sumBalances = (balances: readonly Balance[]): bigint =>
  balances.reduce((sum, { cumulative }) => sum + BigInt(cumulative), 0n)
