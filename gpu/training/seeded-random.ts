/** Draws numbers in a fixed order from a seed; integer arithmetic only. */
export interface SeededRandom {
  /** Returns a multiple of 2⁻³² in [0, 1). */
  next(): number
  /** Returns an integer in [0, bound); bound ≤ 2³². */
  below(bound: number): number
}

/**
 * Creates a generator for one purpose: equal seed and stream give equal numbers on every machine.
 *
 * SplitMix32 over (seed, stream): not for secrets.
 */
export function createSeededRandom(seed: number, stream = 0): SeededRandom {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(stream | 0, 0x85ebca6b)) | 0
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
    return ((word ^ (word >>> 15)) >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 4; i++) next()
  return { next, below: (bound) => Math.floor(next() * bound) }
}

/** Returns a seeded permutation of the items (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const item = out[i]!
    out[i] = out[j]!
    out[j] = item
  }
  return out
}
