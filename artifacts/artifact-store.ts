import type { Hex } from '../schema/events/event.ts'

/**
 * Content-addressed bytes: every key is the sha256 of its value, so a store can be copied, merged
 * and checked by anyone who holds a hash from the chain.
 */
export interface ArtifactStore {
  /** Stores bytes and returns their address; storing the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<Hex>
  /**
   * Reads bytes and checks them against their address.
   *
   * @throws `ARTIFACT_MISSING`, `ARTIFACT_CORRUPT`.
   */
  get(hash: Hex): Promise<Uint8Array<ArrayBuffer>>
  has(hash: Hex): Promise<boolean>
  /** Addresses of everything held, ascending. */
  list(): AsyncIterable<Hex>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
