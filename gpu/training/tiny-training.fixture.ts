import { fileURLToPath } from 'node:url'
import { defaultLoraRecipe, type LoraRecipe } from './lora-recipe.ts'
import type { TokenizedExample } from './tokenized-example.ts'

/** Directory of a two-layer model with 64 tokens. */
export const tinyModelDirectory = fileURLToPath(
  new URL('../graph/fixtures/tiny-llama/base', import.meta.url),
)
export const tinyLora = { rank: 4, alpha: 8, targets: ['q', 'k', 'v', 'o'] } as const
export const tinyBuckets = [8, 16]
export const tinyRecipe: LoraRecipe = {
  ...defaultLoraRecipe,
  epochs: 10,
  batch: 4,
  learningRate: 2e-2,
  lossTokens: 4,
}

/** Rows whose answer repeats the first token; vocabulary 64. */
export const tinyRows = Array.from({ length: 10 }, (_, row): TokenizedExample => {
  const length = row % 3 === 0 ? 12 : 7
  const text = Array.from({ length: length + 1 }, (_, t) => (t < 4 ? row + 1 + t * 11 : row + 1))
  return {
    tokens: Uint8Array.from(text.slice(0, -1)),
    targets: Uint8Array.from(text.slice(1)),
    lossMask: Uint8Array.from({ length }, (_, t) => (t >= 3 ? 1 : 0)),
  }
})
