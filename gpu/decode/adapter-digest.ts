import { createHash } from 'node:crypto'
import type { Adapter } from '../models/adapter.ts'

/** Returns the sha256 of an adapter's configuration and numbers, so that equal adapters share a row. */
export function adapterDigest(adapter: Adapter): string {
  const { lora, values } = adapter
  return createHash('sha256')
    .update(JSON.stringify([lora.rank, lora.alpha, lora.targets]))
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}
