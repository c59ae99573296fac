import type { Terms } from '../events/model.ts'

/** Parts of one fee; they sum to the fee exactly. */
export interface FeeParts {
  readonly platform: bigint
  readonly owner: bigint
  readonly stakers: bigint
  /** The contributors' part less `retrieval`. */
  readonly influence: bigint
  readonly retrieval: bigint
}

/**
 * Splits a fee by the terms the payer signed: floor of each share, the remainder to the largest
 * fractional parts in the order platform, owner, stakers, contributors.
 */
export function splitFee(fee: bigint, terms: Terms): FeeParts {
  const [platform, owner, stakers, contributors] = splitByWeights(fee, [
    BigInt(terms.platformBps),
    BigInt(terms.ownerBps),
    BigInt(terms.stakersBps),
    BigInt(terms.contributorsBps),
  ]) as [bigint, bigint, bigint, bigint]
  const retrieval = (contributors * BigInt(terms.retrievalBps)) / 10_000n
  return { platform, owner, stakers, influence: contributors - retrieval, retrieval }
}

/**
 * Splits an amount in proportion to weights by the largest-remainder method (Hamilton).
 *
 * Ties go to the lower index. The parts sum to `amount` exactly.
 */
export function splitByWeights(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  if (total <= 0n || weights.some((weight) => weight < 0n) || amount < 0n)
    throw new RangeError('weights and amount are not negative and some weight is positive')
  const parts = weights.map((weight) => (amount * weight) / total)
  let left = amount - parts.reduce((sum, part) => sum + part, 0n)
  const order = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    )
  for (const { index } of order) {
    if (left === 0n) break
    parts[index] = (parts[index] ?? 0n) + 1n
    left -= 1n
  }
  return parts
}
