import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Adapter, adapterLayout, adapterSize, type LoraConfig } from '../models/adapter.ts'
import type { BaseModel } from '../models/base-model.ts'
import { baseLayout } from '../models/base-weights.ts'
import { formatModelConfig, type ModelConfig } from '../models/model-config.ts'
import { writeAdapter } from '../models/write-adapter.ts'
import { floatTensor, writeSafetensors } from '../models/write-safetensors.ts'
import { createSeededRandom } from '../training/seeded-random.ts'

export const tinyConfig: ModelConfig = {
  vocabularySize: 256,
  hiddenSize: 32,
  layerCount: 2,
  headCount: 4,
  keyValueHeadCount: 2,
  headSize: 8,
  feedForwardSize: 48,
  maxPositions: 96,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
}

/** A byte-level model with seeded random weights that make answers differ. */
export function tinyModel(config: ModelConfig = tinyConfig): BaseModel {
  const random = createSeededRandom(1)
  const weights = new Map<string, Float32Array<ArrayBuffer>>()
  for (const { name, length } of baseLayout(config)) {
    const norm = name.endsWith('norm.weight')
    weights.set(
      name,
      Float32Array.from({ length }, () => (norm ? 1 : (random.next() - 0.5) * 0.6)),
    )
  }
  return { config, weights }
}

/** A seeded adapter strong enough to change most greedy answers. */
export function tinyAdapter(
  seed: number,
  lora: LoraConfig = { rank: 3, alpha: 6, targets: ['q', 'k', 'v', 'o'] },
  config: ModelConfig = tinyConfig,
): Adapter {
  const random = createSeededRandom(seed, 2)
  const values = Float32Array.from({ length: adapterSize(config, lora) }, () => random.next() - 0.5)
  return { lora, values }
}

/** The same adapter with every B zero: it must change nothing. */
export function withoutEffect(adapter: Adapter, config: ModelConfig = tinyConfig): Adapter {
  const values = adapter.values.slice()
  for (const entry of adapterLayout(config, adapter.lora)) {
    if (entry.matrix === 'B') values.fill(0, entry.offset, entry.offset + entry.length)
  }
  return { lora: adapter.lora, values }
}

/** A base model directory and a place for adapter directories, removed by `remove`. */
export interface TinyDirectory {
  readonly model: string
  adapter(name: string, adapter: Adapter): Promise<string>
  remove(): Promise<void>
}

/** Writes the tiny model to a temporary directory. */
export async function tinyDirectory(): Promise<TinyDirectory> {
  const root = await mkdtemp(join(tmpdir(), 'provenant-tiny-'))
  const { config, weights } = tinyModel()
  const tensors = new Map(
    baseLayout(config).map(({ name, shape }) => [
      name,
      floatTensor('F32', shape, weights.get(name)!),
    ]),
  )
  await writeFile(join(root, 'config.json'), JSON.stringify(formatModelConfig(config)))
  await writeFile(join(root, 'model.safetensors'), writeSafetensors(tensors))
  return {
    model: root,
    async adapter(name, adapter) {
      const directory = join(root, name)
      await writeAdapter(directory, adapter, config, 'tiny')
      return directory
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}
