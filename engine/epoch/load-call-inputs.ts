import { outputHash } from '../../schema/codec/call-body.ts'
import type { Row } from '../../schema/codec/row.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Citation } from '../../schema/manifests/batch.ts'
import type { RecordedCall } from '../state/chain-state.ts'
import type { EngineContext } from './engine-context.ts'
import { batchManifest } from './manifest-schemas.ts'
import { readJsonArtifact } from './read-json-artifact.ts'

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
  const batches = new Map<string, Awaited<ReturnType<typeof readBatch>>>()
  const readBatch = (hash: Hex) => readJsonArtifact(context.artifacts, hash, batchManifest)
  const inputs: CallInput[] = []
  for (const call of calls) {
    const { batchDataHash: hash } = call
    const batch = hash && (batches.get(call.batchId) ?? (await readBatch(hash)))
    if (batch !== undefined) batches.set(call.batchId, batch)
    const entry = batch?.calls[call.index]
    if (batch !== undefined && entry?.requestHash !== call.requestHash) {
      throw new BaseError('MANIFEST_INVALID', {
        facts: { hash: call.batchDataHash, callId: call.callId, problem: 'another call' },
      })
    }
    const body = await context.callVault.get(call.requestHash)
    if (outputHash(body.request, body.output) !== call.outputHash) {
      throw new BaseError('CALL_BODY_MISMATCH', { facts: { callId: call.callId } })
    }
    const row = { question: body.request.prompt, answer: body.output.text.trim() }
    inputs.push({ call, row, citations: entry?.citations ?? [] })
  }
  return inputs
}
