/** Draws that depend on a seed alone. */
export interface SeededRandom {
  /** Below 1. */
  next(): number
  /** Whole number in an inclusive range. */
  int(least: number, most: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
}

/** Makes the well-known 32-bit generator mulberry32 of a seed and of what is drawn for. */
export function seededRandom(seed: number, ...scope: readonly number[]): SeededRandom {
  let state = scope.reduce((mixed, part) => Math.imul(mixed ^ part, 0x9e3779b1) >>> 0, seed >>> 0)
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: <T>(list: readonly T[]) => list[int(0, list.length - 1)] as T,
  }
}
