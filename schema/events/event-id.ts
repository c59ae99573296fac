import { createHash } from 'node:crypto'

/** Namespace of Provenant's event ids; any fixed UUID, chosen once. */
const namespace = Buffer.from('6f0d6c1e5b6a5d0e8c0a0f5b2d1c7a93', 'hex')

/**
 * Computes the id of an event from where it came from (UUID version 5, RFC 9562 §5.5).
 *
 * Appending the same fact twice is a no-op because its id is the same.
 *
 * @example
 * eventId([31337, '0xab…', 4, 0])
 * // '0e9c…-5…'
 */
export function eventId(parts: readonly (string | number | bigint)[]): string {
  const digest = createHash('sha1').update(namespace).update(parts.join(':')).digest()
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
