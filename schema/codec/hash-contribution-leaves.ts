import { blockBytes, createKeccakKernel, firstFreeByte } from './keccak/keccak-kernel.ts'

const leafBytes = 96
const perRun = 1024
const digestsAt = firstFreeByte + perRun * blockBytes

/**
 * Hashes the leaves of a contribution, row by row: see `contributionLeaf`.
 *
 * @param salts 32 bytes per row.
 * @param rowHashes 32 bytes per row.
 * @returns 32 bytes per row.
 */
export function hashContributionLeaves(salts: Uint8Array, rowHashes: Uint8Array): Uint8Array {
  const rows = salts.length / 32
  if (!Number.isSafeInteger(rows) || rowHashes.length !== salts.length)
    throw new RangeError(`${salts.length} bytes of salts, ${rowHashes.length} bytes of row hashes`)
  const kernel = createKeccakKernel()
  kernel.reserve(digestsAt + perRun * 32)
  const memory = kernel.bytes()
  const view = new DataView(memory.buffer)
  const leaves = new Uint8Array(rows * 32)
  for (let block = firstFreeByte; block < digestsAt; block += blockBytes) {
    memory[block + leafBytes] = 0x01
    memory[block + blockBytes - 1] = 0x80
  }
  for (let first = 0; first < rows; first += perRun) {
    const run = Math.min(perRun, rows - first)
    for (let i = 0; i < run; i++) {
      const block = firstFreeByte + i * blockBytes
      const from = (first + i) * 32
      view.setUint32(block + 28, first + i)
      memory.set(salts.subarray(from, from + 32), block + 32)
      memory.set(rowHashes.subarray(from, from + 32), block + 64)
    }
    kernel.hashBlocks(firstFreeByte, digestsAt, run)
    kernel.hashDigests(digestsAt, digestsAt, run)
    leaves.set(memory.subarray(digestsAt, digestsAt + run * 32), first * 32)
  }
  return leaves
}
