import type { Terms } from '../../schema/events/model.ts'
import { type ChainState, type RecordedCall, versionKey } from './chain-state.ts'

/**
 * Finds the terms that bind a call, or undefined if there are none: they must have been set in an
 * earlier second than the call was recorded, so that nobody can set the terms of a past call.
 *
 * The contracts judge by the same rule; the fee of a call without terms is the platform's.
 */
export function termsOf(
  { terms }: Pick<ChainState, 'terms'>,
  call: Pick<RecordedCall, 'modelId' | 'termsVersion' | 'recordedAt'>,
): Terms | undefined {
  const found = terms.get(versionKey(call.modelId, call.termsVersion))
  return found !== undefined && BigInt(found.validFrom) < BigInt(call.recordedAt)
    ? found
    : undefined
}
