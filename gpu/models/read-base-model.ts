import { BaseError } from '../../schema/errors.ts'
import type { BaseModel } from './base-model.ts'
import { baseLayout } from './base-weights.ts'
import { parseModelConfig } from './model-config.ts'
import { parseJson } from './parse-json.ts'
import { readModelFile } from './read-model-file.ts'
import { readSafetensors } from './read-safetensors.ts'
import { tensorToFloat32 } from './tensor-to-float32.ts'

const maxConfigBytes = 1_000_000
const maxWeightBytes = 2_000_000_000

/** Decodes `config.json` and `model.safetensors`; see {@link readBaseModel}. */
export function decodeBaseModel(configJson: Uint8Array, safetensors: Uint8Array): BaseModel {
  const config = parseModelConfig(parseJson(configJson, 'config.json', 'MODEL_INVALID'))
  const { tensors } = readSafetensors(safetensors)
  const weights = new Map<string, Float32Array<ArrayBuffer>>()
  for (const { name, shape } of baseLayout(config)) {
    const tensor = tensors.get(name)
    if (tensor === undefined || tensor.shape.join() !== shape.join()) {
      throw new BaseError('MODEL_INVALID', {
        facts: {
          tensor: name,
          expected: shape.join('x'),
          found: tensor?.shape.join('x') ?? 'none',
        },
      })
    }
    weights.set(name, tensorToFloat32(name, tensor))
  }
  return { config, weights }
}

/**
 * Reads a base model directory in Hugging Face layout (Llama architecture, tied head, one file).
 *
 * @throws MODEL_INVALID, SAFETENSORS_INVALID
 */
export async function readBaseModel(directory: string): Promise<BaseModel> {
  // One after the other: read at once, chance would decide which missing file the error names.
  const config = await readModelFile(directory, 'config.json', 'MODEL_INVALID', maxConfigBytes)
  const weights = await readModelFile(
    directory,
    'model.safetensors',
    'MODEL_INVALID',
    maxWeightBytes,
  )
  return decodeBaseModel(config, weights)
}
