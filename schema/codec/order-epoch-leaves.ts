import type { Hex } from '../events/event.ts'
import type { CallLeaf, CreditLeaf, RewardLeaf } from './epoch-leaves.ts'

/**
 * Puts balances in the order of the reward tree and sums what is before each.
 *
 * @throws RangeError for an account that occurs twice or has earned nothing.
 */
export function orderRewards(
  balances: readonly { readonly account: Hex; readonly cumulative: bigint }[],
): readonly RewardLeaf[] {
  let before = 0n
  return ascending(balances, byAccount).map(({ account, cumulative }) => {
    const leaf = { account, cumulative: positive(cumulative), before }
    before += cumulative
    return leaf
  })
}

/**
 * Puts credits in the order of the credit tree and sums what is before each.
 *
 * @throws RangeError for an account that occurs twice in a call or gets nothing of it.
 */
export function orderCredits(
  credits: readonly Omit<CreditLeaf, 'before'>[],
): readonly CreditLeaf[] {
  let before = 0n
  return ascending(credits, (a, b) => byAccount(a, b) || byKey(a, b)).map(
    ({ account, callKey, amount }) => {
      const leaf = { account, callKey, amount: positive(amount), before }
      before += amount
      return leaf
    },
  )
}

/**
 * Puts calls in the order of the call tree.
 *
 * @throws RangeError for a call that occurs twice.
 */
export const orderCalls = (calls: readonly CallLeaf[]): readonly CallLeaf[] =>
  ascending(calls, byKey)

function ascending<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
): readonly Item[] {
  const sorted = [...items].sort(compare)
  const twice = sorted.findIndex((item, i) => i > 0 && compare(sorted[i - 1]!, item) === 0)
  if (twice < 0) return sorted
  throw new RangeError(`leaf ${twice} occurs twice`)
}

const byKey = (a: { readonly callKey: bigint }, b: { readonly callKey: bigint }): number =>
  a.callKey < b.callKey ? -1 : a.callKey > b.callKey ? 1 : 0

const byAccount = (a: { readonly account: Hex }, b: { readonly account: Hex }): number =>
  a.account < b.account ? -1 : a.account > b.account ? 1 : 0

function positive(amount: bigint): bigint {
  if (amount > 0n) return amount
  throw new RangeError(`a leaf of ${amount}`)
}
