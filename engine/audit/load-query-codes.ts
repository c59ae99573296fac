import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'

/** Query rows of one call, one list of codes per checkpoint. */
export interface QueryCodes {
  readonly raw: readonly Int8Array[]
  readonly conditioned: readonly Int8Array[]
}

/**
 * Reads the query rows of a call.
 *
 * @throws MANIFEST_INVALID if they have another size; ARTIFACT_MISSING, ARTIFACT_CORRUPT.
 */
export async function loadQueryCodes(
  artifacts: ArtifactStore,
  hash: Hex,
  width: number,
  checkpoints: number,
): Promise<QueryCodes> {
  const bytes = await artifacts.get(hash)
  if (bytes.length !== 2 * checkpoints * width) {
    throw new BaseError('MANIFEST_INVALID', {
      facts: { hash, bytes: bytes.length, expected: 2 * checkpoints * width },
    })
  }
  const codes = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const part = (i: number) => codes.subarray(i * width, (i + 1) * width)
  return {
    raw: Array.from({ length: checkpoints }, (_, i) => part(i)),
    conditioned: Array.from({ length: checkpoints }, (_, i) => part(checkpoints + i)),
  }
}
