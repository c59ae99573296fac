import { join } from 'node:path'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'

/**
 * Place of a hash below a folder: `aa/bb/<64 hex digits>`, so that no folder grows without bound.
 *
 * @throws `HASH_INVALID` for anything but 32 lowercase bytes: the name must never leave the folder.
 */
export function hashPath(dir: string, hash: Hex): string {
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new BaseError('HASH_INVALID', { facts: { hash } })
  return join(dir, hash.slice(2, 4), hash.slice(4, 6), hash.slice(2))
}
