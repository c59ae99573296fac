import { type ChainState, type RecordedCall, versionKey } from '../state/chain-state.ts'
import { termsOf } from '../state/terms-of.ts'

/**
 * Says whether a call can be attributed at all: terms bind it, and its model version was published by
 * the time it was recorded.
 *
 * A payer and an operator can record any numbers; what they name must not stop the epochs.
 */
export function isAttributable(
  state: Pick<ChainState, 'terms' | 'versions'>,
  call: RecordedCall,
): boolean {
  const version = state.versions.get(versionKey(call.modelId, call.modelVersion))
  const published = version !== undefined && version.blockNumber <= call.blockNumber
  return published && termsOf(state, call) !== undefined
}
