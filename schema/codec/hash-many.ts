import { blockBytes, createKeccakKernel, firstFreeByte } from './keccak/keccak-kernel.ts'

const digestBytes = 32
const maxMessageBytes = blockBytes - 2
/** Messages that are laid into the kernel's memory at once. */
const perRun = 1024
const staging = firstFreeByte
const digestsAt = staging + perRun * blockBytes

const kernel = createKeccakKernel()
kernel.reserve(digestsAt + perRun * digestBytes)
const memory = kernel.bytes()

/**
 * Hashes equally long messages that lie one after the other, each with a tag byte before it.
 *
 * @param messages `count × size` bytes, a message at most 134 bytes.
 * @param digests takes `count × 32` bytes; may not overlap `messages`.
 */
export function hashMany(
  tag: number,
  messages: Uint8Array,
  size: number,
  digests: Uint8Array,
): void {
  if (size > maxMessageBytes) throw new RangeError(`a message has at most ${maxMessageBytes} bytes`)
  const count = messages.length / size
  layPadding(tag, size, Math.min(count, perRun))
  for (let first = 0; first < count; first += perRun) {
    const run = Math.min(perRun, count - first)
    for (let i = 0; i < run; i++) {
      const from = (first + i) * size
      memory.set(messages.subarray(from, from + size), staging + i * blockBytes + 1)
    }
    kernel.hashBlocks(staging, digestsAt, run)
    digests.set(memory.subarray(digestsAt, digestsAt + run * digestBytes), first * digestBytes)
  }
}

function layPadding(tag: number, size: number, blocks: number): void {
  memory.fill(0, staging, staging + blocks * blockBytes)
  for (let i = 0; i < blocks; i++) {
    const block = staging + i * blockBytes
    memory[block] = tag
    memory[block + 1 + size] = 0x01
    memory[block + blockBytes - 1]! |= 0x80
  }
}
