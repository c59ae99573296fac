import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Hex } from '../schema/events/event.ts'

/**
 * Stores bytes and reads them back: a hash on the chain whose bytes are lost could never be repaired.
 *
 * @returns sha256 of the bytes.
 */
export async function putChecked(
  artifacts: Pick<ArtifactStore, 'put' | 'get'>,
  bytes: Uint8Array,
): Promise<Hex> {
  const hash = await artifacts.put(bytes)
  await artifacts.get(hash)
  return hash
}
