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
  return ascending(balances, ({ account }) => account).map(({ account, cumulative }) => {
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
  const key = ({ account, callKey }: Omit<CreditLeaf, 'before'>) =>
    `${account}${callKey.toString(16).padStart(24, '0')}`
  return ascending(credits, key).map(({ account, callKey, amount }) => {
    const leaf = { account, callKey, amount: positive(amount), before }
    before += amount
    return leaf
  })
}

/**
 * Puts calls in the order of the call tree.
 *
 * @throws RangeError for a call that occurs twice.
 */
export const orderCalls = (calls: readonly CallLeaf[]): readonly CallLeaf[] =>
  ascending(calls, ({ callKey }) => callKey)

function ascending<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | bigint,
): readonly Item[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  keyed.forEach(({ key }, i) => {
    if (i > 0 && keyed[i - 1]!.key === key) throw new RangeError(`${key} occurs twice`)
  })
  return keyed.map(({ item }) => item)
}

function positive(amount: bigint): bigint {
  if (amount > 0n) return amount
  throw new RangeError(`a leaf of ${amount}`)
}
