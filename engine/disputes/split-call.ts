import type { AccountWeight, CallWeights } from '../../schema/codec/epoch-leaves.ts'
import { splitFee } from '../../schema/codec/split-fee.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Terms } from '../../schema/events/model.ts'
import { shareFee } from '../attribution/share-fee.ts'

/** A split among more accounts cannot be proven within one transaction, so it is malformed. */
const maxAccounts = 1024
const zeroAddress = `0x${'00'.repeat(20)}`

/**
 * Splits the fee of a call by committed weights, as the contracts judge it.
 *
 * @returns what each account is due over all roles; undefined if the weights are malformed.
 */
export function splitCall(
  fee: bigint,
  terms: Terms | undefined,
  payees: { readonly platform: Hex; readonly owner: Hex | undefined; readonly stakers: Hex },
  weights: CallWeights,
): ReadonlyMap<Hex, bigint> | undefined {
  const { influence, retrieval } = weights
  if (influence.length + retrieval.length > maxAccounts) return undefined
  if (!isAscending(influence) || !isAscending(retrieval)) return undefined
  const { platform, owner, stakers } = payees
  if (terms === undefined || owner === undefined) {
    return new Map(fee === 0n ? [] : [[platform, fee]])
  }
  const parts = splitFee(fee, terms)
  const contributors = parts.influence + (retrieval.length === 0 ? parts.retrieval : 0n)
  if (influence.length === 0 && contributors > 0n) return undefined
  const due = new Map<Hex, bigint>()
  for (const { account, amount } of shareFee(fee, terms, {
    ...{ platform, owner, stakers, influence, retrieval },
    flat: [],
  })) {
    due.set(account, (due.get(account) ?? 0n) + BigInt(amount))
  }
  return due
}

const isAscending = (list: readonly AccountWeight[]): boolean =>
  list.every(
    ({ account, weight }, i) => weight > 0n && account > (list[i - 1]?.account ?? zeroAddress),
  )
