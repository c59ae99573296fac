import type { AccountWeight } from '../../schema/codec/epoch-leaves.ts'
import type { Claim } from './share-fee.ts'

/** Sums claims per account; accounts ascend. */
export function sumClaims(claims: readonly Claim[]): readonly AccountWeight[] {
  const weights = new Map<Claim['account'], bigint>()
  for (const { account, weight } of claims) {
    weights.set(account, (weights.get(account) ?? 0n) + weight)
  }
  return [...weights.keys()].sort().map((account) => ({ account, weight: weights.get(account)! }))
}
