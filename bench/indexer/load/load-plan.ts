/** Events of a quiet, a lively and a crowded block. */
const sizes = { quiet: 40, lively: 300, crowded: 4000 } as const

/**
 * Events of each block of a chain with `total` events: out of a hundred blocks ninety are quiet,
 * nine lively, and one is nearly as full as a block can be.
 */
export function* loadPlan(total: number): Generator<number> {
  for (let block = 1, left = total; left > 0; block++) {
    const wanted = block % 100 === 0 ? sizes.crowded : block % 10 === 0 ? sizes.lively : sizes.quiet
    const events = Math.min(wanted, left)
    left -= events
    yield events
  }
}
