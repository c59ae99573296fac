import { createHash } from 'node:crypto'
import type { Hex } from '../events/event.ts'

/** Content address of an artifact: SHA-256 as `0x`-prefixed hex (FIPS 180-4). */
export function sha256(...chunks: readonly (Uint8Array | string)[]): Hex {
  const hash = createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  return `0x${hash.digest('hex')}`
}
