import { type Adapter, adapterLayout, adapterSize, type LoraConfig } from '../models/adapter.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { createSeededRandom } from './seeded-random.ts'

/** Draws A uniform in ±√(3/in), variance 1/in, and sets B to zero: the adapter changes nothing yet. */
export function initialAdapter(config: ModelConfig, lora: LoraConfig, seed: number): Adapter {
  const random = createSeededRandom(seed, 1)
  const values = new Float32Array(adapterSize(config, lora))
  for (const { matrix, shape, offset, length } of adapterLayout(config, lora)) {
    if (matrix === 'B') continue
    const bound = Math.sqrt(3 / shape[1])
    for (let i = 0; i < length; i++) values[offset + i] = (2 * random.next() - 1) * bound
  }
  return { lora, values }
}
