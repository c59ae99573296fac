import { type CreditLeaf, callKey, type RewardLeaf } from '../../schema/codec/epoch-leaves.ts'
import { orderCredits, orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import type { AttributedCall } from '../../schema/manifests/epoch.ts'
import type { EpochDraft } from '../../test/support/post-epoch.ts'
import type { RecordedCall } from '../state/chain-state.ts'

/** Sums again, keeping order and amounts. */
export const resumRewards = (
  leaves: readonly Omit<RewardLeaf, 'before'>[],
): readonly RewardLeaf[] => {
  let before = 0n
  return leaves.map((leaf) => {
    const summed = { ...leaf, before }
    before += leaf.cumulative
    return summed
  })
}

/** The same for credits. */
export const resumCredits = (
  leaves: readonly Omit<CreditLeaf, 'before'>[],
): readonly CreditLeaf[] => {
  let before = 0n
  return leaves.map((leaf) => {
    const summed = { ...leaf, before }
    before += leaf.amount
    return summed
  })
}

/** Swaps an item with the next one. */
export const swapped = <Item>(items: readonly Item[], at: number): readonly Item[] =>
  items.map((item, i) => (i === at ? items[at + 1]! : i === at + 1 ? items[at]! : item))

/** Changes one item. */
export const replaced = <Item>(items: readonly Item[], at: number, change: (item: Item) => Item) =>
  items.map((item, i) => (i === at ? change(item) : item))

/** Replaces whole lists of leaves. */
export const withLeaves = (
  draft: EpochDraft,
  leaves: Partial<EpochDraft['leaves']>,
): EpochDraft => ({
  ...draft,
  leaves: { ...draft.leaves, ...leaves },
})

/** Adds a credit and pays it out, so that all sums are right. */
export const withCredit = (draft: EpochDraft, credit: Omit<CreditLeaf, 'before'>): EpochDraft => {
  const { rewards, credits } = draft.leaves
  const known = rewards.some((leaf) => leaf.account === credit.account)
  const balances = rewards.map((leaf) =>
    leaf.account === credit.account
      ? { ...leaf, cumulative: leaf.cumulative + credit.amount }
      : leaf,
  )
  const added = known ? [] : [{ account: credit.account, cumulative: credit.amount }]
  return withLeaves(draft, {
    rewards: orderRewards([...balances, ...added]),
    credits: orderCredits([...credits, credit]),
  })
}

/** Key of a call in the trees of an epoch. */
export const keyOf = (call: RecordedCall | AttributedCall) =>
  callKey(BigInt(call.batchId), call.index)
