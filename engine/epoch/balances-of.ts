import type { RewardLeaf } from '../../schema/codec/epoch-leaves.ts'
import type { Balance } from './tally-balances.ts'

/** Reads the balances that reward leaves stand for. */
export const balancesOf = (leaves: readonly RewardLeaf[]): readonly Balance[] =>
  leaves.map(({ account, cumulative }) => ({ account, cumulative: String(cumulative) }))
