/** A repeatable series of numbers from 0 to below `limit` (mulberry32). */
export function randomGaps(limit: number, seed = 1): { next(): number } {
  let state = seed
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit
    },
  }
}
