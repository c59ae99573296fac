import { outputHash } from '../../schema/codec/call-body.ts'
import type { Row } from '../../schema/codec/row.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Citation } from '../../schema/manifests/batch.ts'
import type { RecordedCall } from '../state/chain-state.ts'
import type { EngineContext } from './engine-context.ts'
import { citationReader } from './read-citations.ts'

/** What a recorded call asked, got and cited. */
export interface CallInput {
  readonly call: RecordedCall
  /** The question and the answer given, as a row. */
  readonly row: Row
  readonly citations: readonly Citation[]
}

/**
 * Reads the sealed body and the citations of calls and checks them against the recorded hashes.
 *
 * @throws CALL_BODY_MISSING, CALL_BODY_UNREADABLE, CALL_BODY_MISMATCH, MANIFEST_INVALID,
 * ARTIFACT_MISSING.
 */
export async function loadCallInputs(
  context: Pick<EngineContext, 'artifacts' | 'callVault'>,
  calls: readonly RecordedCall[],
): Promise<readonly CallInput[]> {
  const readCitations = citationReader(context.artifacts)
  const inputs: CallInput[] = []
  for (const call of calls) {
    const citations = await readCitations(call)
    const body = await context.callVault.get(call.requestHash)
    if (outputHash(body.request, body.output) !== call.outputHash) {
      throw new BaseError('CALL_BODY_MISMATCH', { facts: { callId: call.callId } })
    }
    const row = { question: body.request.prompt, answer: body.output.text.trim() }
    inputs.push({ call, row, citations })
  }
  return inputs
}
