import { baseLayout } from '../models/base-weights.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { createSeededRandom } from './seeded-random.ts'

/**
 * Draws the weights of an untrained model as one flat vector: uniform with variance 1/in, the two
 * matrices that write to the residual stream smaller by √(2·layers), gains 1, embedding ±.05·√3.
 */
export function initialWeights(config: ModelConfig, seed: number): Float32Array<ArrayBuffer> {
  const random = createSeededRandom(seed, 3)
  const layout = baseLayout(config)
  const values = new Float32Array(layout.reduce((sum, entry) => sum + entry.length, 0))
  for (const { name, shape, offset, length } of layout) {
    if (shape.length === 1) {
      values.fill(1, offset, offset + length)
      continue
    }
    const residual = name.includes('.o_proj.') || name.includes('.down_proj.')
    const deviation = name.includes('embed_tokens')
      ? 0.05
      : 1 / Math.sqrt(shape[1]! * (residual ? 2 * config.layerCount : 1))
    const bound = deviation * Math.sqrt(3)
    for (let i = 0; i < length; i++) values[offset + i] = (2 * random.next() - 1) * bound
  }
  return values
}
