import { hash } from 'node:crypto'

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
  const name = parts.join(':')
  // The one-shot hash takes half the time of a hash object; every event needs one.
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(name, 'utf8')]), 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
