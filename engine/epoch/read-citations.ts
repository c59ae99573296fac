import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { BaseError } from '../../schema/errors.ts'
import type { BatchManifest, Citation } from '../../schema/manifests/batch.ts'
import type { RecordedCall } from '../state/chain-state.ts'
import { batchManifest } from './manifest-schemas.ts'
import { readJsonArtifact } from './read-json-artifact.ts'

/** Reads the citations of calls, each batch once. */
export type CitationReader = (
  call: Pick<RecordedCall, 'callId' | 'batchId' | 'batchDataHash' | 'index' | 'requestHash'>,
) => Promise<readonly Citation[]>

/**
 * Creates a reader over an artifact store.
 *
 * The body of a committed batch is its records, so its calls have no citations.
 *
 * @throws from the reader MANIFEST_INVALID if a batch holds another call; ARTIFACT_MISSING.
 */
export function citationReader(artifacts: ArtifactStore): CitationReader {
  const batches = new Map<string, Promise<BatchManifest>>()
  return async ({ callId, batchId, batchDataHash, index, requestHash }) => {
    if (batchDataHash === undefined) return []
    const batch = batches.get(batchId) ?? readJsonArtifact(artifacts, batchDataHash, batchManifest)
    batches.set(batchId, batch)
    const entry = (await batch).calls[index]
    if (entry?.requestHash === requestHash) return entry.citations
    throw new BaseError('MANIFEST_INVALID', {
      facts: { hash: batchDataHash, callId, problem: 'another call' },
    })
  }
}
