import { keccak256 } from 'viem'

/**
 * Hashes equally long messages that lie one after the other, each with a tag byte before it.
 *
 * @param messages `count × size` bytes.
 * @param digests takes `count × 32` bytes.
 */
export function hashMany(
  tag: number,
  messages: Uint8Array,
  size: number,
  digests: Uint8Array,
): void {
  const message = new Uint8Array(1 + size)
  message[0] = tag
  const count = messages.length / size
  for (let i = 0; i < count; i++) {
    message.set(messages.subarray(i * size, (i + 1) * size), 1)
    digests.set(keccak256(message, 'bytes'), i * 32)
  }
}
