import type { CreditedRow, Share, UsedCitation } from '../../schema/events/attribution.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Terms } from '../../schema/events/model.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { creditRows } from '../attribution/credit-rows.ts'
import { type Claim, shareFee } from '../attribution/share-fee.ts'

export interface CallDecision {
  readonly rule: 'influence' | 'flat'
  readonly rows: readonly CreditedRow[]
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
  const shares = shareFee(call.fee, call.terms, {
    ...call.accounts,
    influence: credited.map((row) => claim(row.contributor, row.scoreQ16)),
    retrieval: call.used.map((row) => claim(row.contributor, Math.max(1, row.scoreMicros))),
    flat: representatives.map((row) => claim(rows[row]!.contributor, 1)),
  })
  return { rule: credited.length > 0 ? 'influence' : 'flat', rows: credited, shares }
}

const claim = (account: Hex, weight: number): Claim => ({ account, weight: BigInt(weight) })
