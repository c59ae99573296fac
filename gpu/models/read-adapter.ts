import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'
import {
  type Adapter,
  adapterLayout,
  adapterSize,
  type LoraConfig,
  loraTargets,
} from './adapter.ts'
import type { ModelFiles } from './base-model.ts'
import { layerMatrices } from './base-weights.ts'
import type { ModelConfig } from './model-config.ts'
import { parseJson } from './parse-json.ts'
import { readModelFile } from './read-model-file.ts'
import { readSafetensors } from './read-safetensors.ts'
import { tensorToFloat32 } from './tensor-to-float32.ts'

const maxConfigBytes = 1_000_000
const maxWeightBytes = 512_000_000

const absent = z.union([z.null(), z.literal(false), z.tuple([]), z.strictObject({})]).optional()

const peftConfig = z.looseObject({
  peft_type: z.literal('LORA'),
  r: z.number().int().min(1).max(256),
  lora_alpha: z.number().gt(0).max(65_536),
  target_modules: z.array(z.string()).min(1).max(16),
  bias: z.literal('none').optional(),
  fan_in_fan_out: absent,
  use_dora: absent,
  use_rslora: absent,
  use_qalora: absent,
  lora_bias: absent,
  modules_to_save: absent,
  rank_pattern: absent,
  alpha_pattern: absent,
  layers_to_transform: absent,
  exclude_modules: absent,
  target_parameters: absent,
  trainable_token_indices: absent,
  layer_replication: absent,
  alora_invocation_tokens: absent,
  arrow_config: absent,
  kasa_config: absent,
  monteclora_config: absent,
  velora_config: absent,
  use_bdlora: absent,
  // The other initialisations (PiSSA, OLoRA, LoftQ, CorDA, LoRA-GA) change the base weights.
  init_lora_weights: z.union([z.boolean(), z.enum(['gaussian', 'eva', 'orthogonal'])]).optional(),
})

function parseLoraConfig(json: unknown): LoraConfig {
  const parsed = peftConfig.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new BaseError('ADAPTER_INVALID', {
      facts: { file: 'adapter_config.json', field: issue?.path.join('.'), reason: issue?.message },
    })
  }
  const modules = new Set(parsed.data.target_modules.map((name) => name.split('.').at(-1)))
  const targets = loraTargets.filter((target) =>
    modules.delete(layerMatrices[target].split('.').at(-1)),
  )
  if (modules.size > 0) {
    throw new BaseError('ADAPTER_INVALID', {
      facts: {
        file: 'adapter_config.json',
        field: 'target_modules',
        reason: `${[...modules].join()} is not supported`,
      },
    })
  }
  return { rank: parsed.data.r, alpha: parsed.data.lora_alpha, targets }
}

/**
 * Decodes the two files of a PEFT LoRA directory for a base model.
 *
 * @throws ADAPTER_INVALID for another method (DoRA, rsLoRA, modules to save, rank or alpha patterns,
 * biases), for targets other than q, k, v, o, and for missing, extra or wrongly shaped tensors;
 * SAFETENSORS_INVALID for a damaged weight file.
 */
export function decodeAdapter(files: ModelFiles, config: ModelConfig): Adapter {
  const configBytes = files['adapter_config.json']
  const weightBytes = files['adapter_model.safetensors']
  if (configBytes === undefined || weightBytes === undefined) {
    throw new BaseError('ADAPTER_INVALID', { facts: { reason: 'a file is missing' } })
  }
  const lora = parseLoraConfig(parseJson(configBytes, 'adapter_config.json', 'ADAPTER_INVALID'))
  const { tensors } = readSafetensors(weightBytes)
  const layout = adapterLayout(config, lora)
  const values = new Float32Array(adapterSize(config, lora))
  for (const entry of layout) {
    const tensor = tensors.get(entry.peftName)
    if (tensor === undefined || tensor.shape.join() !== entry.shape.join()) {
      throw new BaseError('ADAPTER_INVALID', {
        facts: {
          tensor: entry.peftName,
          expected: entry.shape.join('x'),
          found: tensor?.shape.join('x') ?? 'none',
        },
      })
    }
    values.set(tensorToFloat32(entry.peftName, tensor), entry.offset)
  }
  if (tensors.size !== layout.length) {
    const known = new Set(layout.map((entry) => entry.peftName))
    const extra = [...tensors.keys()].find((name) => !known.has(name))
    throw new BaseError('ADAPTER_INVALID', { facts: { tensor: extra, reason: 'unknown tensor' } })
  }
  return { lora, values }
}

/** Reads a PEFT LoRA directory; errors as {@link decodeAdapter}. */
export async function readAdapter(directory: string, config: ModelConfig): Promise<Adapter> {
  // One after the other: read at once, chance would decide which missing file the error names.
  const adapterConfig = await readModelFile(
    directory,
    'adapter_config.json',
    'ADAPTER_INVALID',
    maxConfigBytes,
  )
  const weights = await readModelFile(
    directory,
    'adapter_model.safetensors',
    'ADAPTER_INVALID',
    maxWeightBytes,
  )
  return decodeAdapter(
    { 'adapter_config.json': adapterConfig, 'adapter_model.safetensors': weights },
    config,
  )
}
