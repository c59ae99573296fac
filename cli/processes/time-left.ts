/** Says how long the rest of some work takes at the pace of the last half minute. */
export interface TimeLeft {
  /**
   * @param rest what is left to do; it may grow, while others add to it
   * @returns seconds; undefined while the rest does not get smaller
   */
  after(rest: number): number | undefined
}

const windowMs = 30_000
/** A pace over less than this says little. */
const leastMs = 1000

/** @param now milliseconds of a clock that does not jump */
export function timeLeft(now: () => number): TimeLeft {
  let samples: { readonly at: number; readonly rest: number }[] = []
  return {
    after(rest) {
      const at = now()
      samples = [...samples.filter((sample) => at - sample.at <= windowMs), { at, rest }]
      const [first] = samples
      if (rest === 0) return 0
      if (first === undefined || at - first.at < leastMs || first.rest <= rest) return undefined
      return (rest * (at - first.at)) / (first.rest - rest) / 1000
    },
  }
}
