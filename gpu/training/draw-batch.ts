import { BaseError } from '../../schema/errors.ts'
import type { PretrainRecipe } from './pretrain-recipe.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

/**
 * Text to learn from. A training window starts at any byte of a part with one record, and at a
 * record, followed by other random ones, of a part with several.
 */
export interface CorpusPart {
  readonly records: readonly Uint8Array[]
  /** Share of the windows, relative to the other parts. */
  readonly weight: number
}

/** Throws CORPUS_INVALID unless every part can fill a window of tokens + 1 bytes. */
export function checkCorpus(corpus: readonly CorpusPart[], tokens: number): void {
  const usable = corpus.every(
    ({ records, weight }) =>
      weight > 0 &&
      (records.length === 1
        ? records[0]!.length > tokens
        : records.length > 1 && records.every((record) => record.length > 0)),
  )
  if (corpus.length > 0 && usable) return
  throw new BaseError('CORPUS_INVALID', { facts: { parts: corpus.length, window: tokens + 1 } })
}

function pickPart(corpus: readonly CorpusPart[], at: number): CorpusPart {
  let edge = 0
  for (const part of corpus) {
    edge += part.weight
    if (at < edge) return part
  }
  return corpus.at(-1)!
}

function drawWindow(part: CorpusPart, random: SeededRandom, window: Uint8Array): void {
  const [only] = part.records
  if (only !== undefined && part.records.length === 1) {
    const start = random.below(only.length - window.length + 1)
    window.set(only.subarray(start, start + window.length))
    return
  }
  for (let at = 0; at < window.length; ) {
    const record = part.records[random.below(part.records.length)]!
    window.set(record.subarray(0, window.length - at), at)
    at += record.length
  }
}

/**
 * Draws the windows of a step into `tokens` and `targets`, [batch, tokens] each; they depend on
 * (seed, step) only, so that a run can go on anywhere.
 */
export function drawBatch(
  corpus: readonly CorpusPart[],
  recipe: PretrainRecipe,
  seed: number,
  step: number,
  tokens: BigInt64Array,
  targets: BigInt64Array,
): void {
  const random = createSeededRandom(seed, 1000 + step)
  const total = corpus.reduce((sum, part) => sum + part.weight, 0)
  const window = new Uint8Array(recipe.tokens + 1)
  for (let row = 0; row < recipe.batch; row++) {
    drawWindow(pickPart(corpus, random.next() * total), random, window)
    for (let t = 0; t < recipe.tokens; t++) {
      tokens[row * recipe.tokens + t] = BigInt(window[t]!)
      targets[row * recipe.tokens + t] = BigInt(window[t + 1]!)
    }
  }
}
