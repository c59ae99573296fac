import { sha256 } from '../../schema/codec/sha256.ts'
import type { Share } from '../../schema/events/attribution.ts'
import type { Hex } from '../../schema/events/event.ts'
import { shareFee } from '../attribution/share-fee.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import { termsOf } from '../state/terms-of.ts'
import type { Attribution } from './attribute-calls.ts'

/** Query rows of a call that nothing was computed for. */
export const noQuery = new Uint8Array()

/**
 * Decides a call that cannot be attributed: without terms the whole fee is the platform's, without a
 * published version the contributors' part is.
 */
export function decideUnattributable(
  state: ChainState,
  call: RecordedCall,
  payees: { readonly platform: Hex; readonly stakers: Hex },
): Omit<Attribution, 'epoch'> {
  const { callId, modelId, modelVersion: version } = call
  const { platform, stakers } = payees
  const fee = BigInt(call.fee)
  const terms = termsOf(state, call)
  const owner = state.models.get(modelId)?.owner
  const bound = terms !== undefined && owner !== undefined
  const contributors = [{ account: platform, weight: 1n }]
  const shares: readonly Share[] = bound
    ? shareFee(fee, terms, {
        ...{ platform, owner, stakers },
        ...{ influence: [], retrieval: [], flat: contributors },
      })
    : fee === 0n
      ? []
      : [{ account: platform, role: 'platform', amount: String(fee) }]
  return {
    ...{ callId, modelId, version, queryHash: sha256(noQuery), rule: 'flat', rows: [], used: [] },
    weights: { influence: bound ? [{ account: platform, weight: '1' }] : [], retrieval: [] },
    shares,
  }
}
