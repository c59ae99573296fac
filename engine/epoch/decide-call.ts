import type { AccountWeight } from '../../schema/codec/epoch-leaves.ts'
import type {
  AttributedWeight,
  AttributedWeights,
  CreditedRow,
  Share,
  UsedCitation,
} from '../../schema/events/attribution.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Terms } from '../../schema/events/model.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { attributionMethod } from '../attribution/attribution-method.ts'
import { capWeights } from '../attribution/cap-weights.ts'
import { creditRows } from '../attribution/credit-rows.ts'
import { type Claim, shareFee } from '../attribution/share-fee.ts'
import { sumClaims } from '../attribution/sum-claims.ts'

export interface CallDecision {
  readonly rule: 'influence' | 'flat'
  readonly rows: readonly CreditedRow[]
  readonly weights: AttributedWeights
  readonly shares: readonly Share[]
}

/** Decides who is paid for a call, from integer scores alone. */
export function decideCall(call: {
  /** Per checkpoint one dot product per cluster representative. */
  readonly scores: readonly Int32Array[]
  readonly rows: GradientRows
  readonly used: readonly UsedCitation[]
  readonly fee: bigint
  readonly terms: Terms
  readonly accounts: { readonly platform: Hex; readonly owner: Hex; readonly stakers: Hex }
}): CallDecision {
  const { rows, representatives } = call.rows
  const credited = creditRows(call.scores).map(({ position, scoreQ16, zMilli }) => {
    const { rowId, contributor, cluster } = rows[representatives[position]!]!
    return { rowId, contributor, cluster, scoreQ16, zMilli }
  })
  const stoodOut = credited.length > 0
  const { maxInfluence, maxRetrieval } = attributionMethod.accounts
  const influence = capWeights(
    sumClaims(
      stoodOut
        ? credited.map((row) => claim(row.contributor, row.scoreQ16))
        : representatives.map((row) => claim(rows[row]!.contributor, 1)),
    ),
    maxInfluence,
  )
  const retrieval = capWeights(
    sumClaims(call.used.map((row) => claim(row.contributor, Math.max(1, row.scoreMicros)))),
    maxRetrieval,
  )
  const shares = shareFee(call.fee, call.terms, {
    ...call.accounts,
    influence: stoodOut ? influence : [],
    retrieval,
    flat: stoodOut ? [] : influence,
  })
  return {
    rule: stoodOut ? 'influence' : 'flat',
    rows: credited,
    weights: { influence: influence.map(inJson), retrieval: retrieval.map(inJson) },
    shares,
  }
}

const claim = (account: Hex, weight: number): Claim => ({ account, weight: BigInt(weight) })

const inJson = ({ account, weight }: AccountWeight): AttributedWeight => ({
  account,
  weight: String(weight),
})
