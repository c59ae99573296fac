/** Draws 32-bit seeded numbers; the same seed gives the same sequence on every machine. */
export interface SeededRandom {
  /** Returns an integer in [0, below). */
  readonly integer: (below: number) => number
  /** Returns a shuffled copy (Fisher-Yates). */
  readonly shuffle: <T>(items: readonly T[]) => T[]
}

/**
 * Makes a seeded generator from the splitmix32 sequence.
 *
 * @param seed any integer; only its low 32 bits count
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const integer = (below: number): number => Math.floor((next() / 0x1_0000_0000) * below)
  const shuffle = <T>(items: readonly T[]): T[] => {
    const out = [...items]
    for (let last = out.length - 1; last > 0; last--) {
      const other = integer(last + 1)
      const kept = out[last] as T
      out[last] = out[other] as T
      out[other] = kept
    }
    return out
  }
  return { integer, shuffle }
}
