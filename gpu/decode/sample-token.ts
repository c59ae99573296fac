import type { SeededRandom } from '../training/seeded-random.ts'

/**
 * Picks the next token from one row of logits.
 *
 * Temperature 0 takes the largest logit (the smallest token on a tie); otherwise a token is drawn
 * from softmax(logits / temperature), so equal logits and seed give equal tokens.
 */
export function sampleToken(
  logits: Float32Array,
  temperature: number,
  random: SeededRandom,
): number {
  let best = 0
  for (let token = 1; token < logits.length; token++) {
    if (logits[token]! > logits[best]!) best = token
  }
  if (temperature === 0) return best
  const top = logits[best]!
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - top) / temperature))
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
  for (let token = 0; token < weights.length; token++) {
    left -= weights[token]!
    if (left < 0) return token
  }
  return best
}
