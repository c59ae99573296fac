import { fileURLToPath } from 'node:url'
import type { ModelConfig } from './model-config.ts'

/** Directory of the base model that comes with the package, made by `provenant pretrain`. */
export const bundledBaseDirectory: string = fileURLToPath(new URL('./base/', import.meta.url))

/** Sizes of the bundled base model: 2.2 million parameters over bytes. */
export const bundledBaseConfig: ModelConfig = {
  vocabularySize: 256,
  hiddenSize: 320,
  layerCount: 2,
  headCount: 10,
  keyValueHeadCount: 2,
  headSize: 32,
  feedForwardSize: 864,
  maxPositions: 96,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
}

/** Adapter shape used with the bundled model: 16,384 numbers, so gradients need no projection. */
export const bundledLora = { rank: 4, alpha: 8, targets: ['q', 'k', 'v', 'o'] } as const

/** Graph lengths in tokens. */
export const lengthBuckets: readonly number[] = [32, 48, 64, 96]
