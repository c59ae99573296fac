import { createHash } from 'node:crypto'

/** Gives the same random-looking bytes for the same seed (SHA-256 in counter mode), so that a demo repeats. */
export function seededBytes(seed: number, purpose: string): (size: number) => Uint8Array {
  let counter = 0
  return (size) => {
    const blocks: Buffer[] = []
    for (let have = 0; have < size; have += 32) {
      blocks.push(createHash('sha256').update(`${seed}:${purpose}:${counter}`).digest())
      counter += 1
    }
    return Buffer.concat(blocks).subarray(0, size)
  }
}
