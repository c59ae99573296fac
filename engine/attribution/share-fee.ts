import { splitByWeights, splitFee } from '../../schema/codec/split-fee.ts'
import type { Share } from '../../schema/events/attribution.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Terms } from '../../schema/events/model.ts'
import { sumClaims } from './sum-claims.ts'

/** An account with a positive integer weight; an account may occur more than once. */
export interface Claim {
  readonly account: Hex
  readonly weight: bigint
}

export interface FeeClaims {
  readonly platform: Hex
  readonly owner: Hex
  readonly stakers: Hex
  readonly influence: readonly Claim[]
  /** Cited rows that the answer used. */
  readonly retrieval: readonly Claim[]
  /** What everyone whose rows trained the model gets when no row stands out. */
  readonly flat: readonly Claim[]
}

/**
 * Splits one fee among accounts; the shares sum to the fee exactly.
 *
 * The retrieval part goes back to the contributors' influence part when no cited row was used.
 * Within a part an account's weights are summed first, so neither the order nor the number of its
 * claims matters; the remainder goes by largest fraction, then by account.
 */
export function shareFee(fee: bigint, terms: Terms, claims: FeeClaims): readonly Share[] {
  const parts = splitFee(fee, terms)
  const cited = claims.retrieval.length > 0
  const influence = parts.influence + (cited ? 0n : parts.retrieval)
  const stoodOut = claims.influence.length > 0
  const fixed = (account: Hex): readonly Claim[] => [{ account, weight: 1n }]
  return [
    ...sharesOf('platform', parts.platform, fixed(claims.platform)),
    ...sharesOf('owner', parts.owner, fixed(claims.owner)),
    ...sharesOf('stakers', parts.stakers, fixed(claims.stakers)),
    ...sharesOf(
      stoodOut ? 'influence' : 'flat',
      influence,
      stoodOut ? claims.influence : claims.flat,
    ),
    ...sharesOf('retrieval', cited ? parts.retrieval : 0n, claims.retrieval),
  ]
}

function sharesOf(role: Share['role'], amount: bigint, claims: readonly Claim[]): Share[] {
  if (amount === 0n) return []
  const weights = sumClaims(claims)
  const amounts = splitByWeights(
    amount,
    weights.map(({ weight }) => weight),
  )
  return weights.flatMap(({ account }, i) =>
    amounts[i] === 0n ? [] : [{ account, role, amount: String(amounts[i]) }],
  )
}
