import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { BaseError } from '../../schema/errors.ts'
import type { GradientStoreRef } from '../../schema/manifests/epoch.ts'

/**
 * Reads the int8 codes of all rows at one checkpoint.
 *
 * @returns `[rowCount, width]`
 * @throws MANIFEST_INVALID if the segments do not hold `rowCount` rows of the store's width;
 * ARTIFACT_MISSING, ARTIFACT_CORRUPT.
 */
export async function loadCheckpointCodes(
  artifacts: ArtifactStore,
  store: GradientStoreRef,
  checkpoint: number,
  rowCount: number,
): Promise<Int8Array> {
  const codes = new Int8Array(rowCount * store.width)
  let at = 0
  for (const segment of store.checkpoints[checkpoint]?.segments ?? []) {
    const bytes = await artifacts.get(segment.hash)
    const size = segment.rowCount * store.width
    if (bytes.length !== size || at + size > codes.length) {
      throw new BaseError('MANIFEST_INVALID', {
        facts: { hash: segment.hash, bytes: bytes.length, expected: size },
      })
    }
    codes.set(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), at)
    at += size
  }
  if (at === codes.length) return codes
  throw new BaseError('MANIFEST_INVALID', {
    facts: { problem: 'segments are missing', checkpoint, codes: at, expected: codes.length },
  })
}
