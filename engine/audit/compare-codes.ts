/** How far stored int8 codes agree with codes that were computed again. */
export interface CodeAgreement {
  readonly ok: boolean
  /** Lines of codes compared. */
  readonly lines: number
  /** Lowest share of codes within ±1 in one line. */
  readonly withinOne: number
  /** Lowest cosine between two lines. */
  readonly cosine: number
}

const minWithinOne = 0.99
const minCosine = 0.999

/** Compares one line; two zero lines agree. */
export function compareCodes(stored: Int8Array, taken: Int8Array): CodeAgreement {
  let close = 0
  let dot = 0
  let squaresA = 0
  let squaresB = 0
  for (let i = 0; i < stored.length; i++) {
    const a = stored[i]!
    const b = taken[i]!
    if (Math.abs(a - b) <= 1) close += 1
    dot += a * b
    squaresA += a * a
    squaresB += b * b
  }
  const withinOne = stored.length === 0 ? 1 : close / stored.length
  const cosine = squaresA === 0 && squaresB === 0 ? 1 : dot / Math.sqrt(squaresA * squaresB || 1)
  return { ok: withinOne >= minWithinOne && cosine > minCosine, lines: 1, withinOne, cosine }
}

/** Joins agreements: all must be good, the lowest figures stand. */
export const joinAgreements = (parts: readonly CodeAgreement[]): CodeAgreement => ({
  ok: parts.every(({ ok }) => ok),
  lines: parts.reduce((sum, { lines }) => sum + lines, 0),
  withinOne: Math.min(1, ...parts.map((part) => part.withinOne)),
  cosine: Math.min(1, ...parts.map((part) => part.cosine)),
})
