import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Adapter, adapterLayout } from './adapter.ts'
import { layerMatrices } from './base-weights.ts'
import type { ModelConfig } from './model-config.ts'
import { floatTensor, writeSafetensors } from './write-safetensors.ts'

/** A type alias: an interface would not be assignable to `ModelFiles`. */
export type AdapterFiles = {
  readonly 'adapter_config.json': Uint8Array<ArrayBuffer>
  readonly 'adapter_model.safetensors': Uint8Array<ArrayBuffer>
}

/**
 * Encodes an adapter as the two files of a PEFT directory (f32).
 *
 * Equal adapters give equal bytes, so the hashes of the files can be committed to.
 */
export function encodeAdapter(
  adapter: Adapter,
  config: ModelConfig,
  baseModelName: string,
): AdapterFiles {
  const { lora, values } = adapter
  const tensors = new Map(
    adapterLayout(config, lora).map((entry) => [
      entry.peftName,
      floatTensor('F32', entry.shape, values.subarray(entry.offset, entry.offset + entry.length)),
    ]),
  )
  const peft = {
    alpha_pattern: {},
    base_model_name_or_path: baseModelName,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: lora.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: lora.rank,
    rank_pattern: {},
    target_modules: lora.targets.map((target) => layerMatrices[target].split('.').at(-1)),
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  }
  return {
    'adapter_config.json': new TextEncoder().encode(`${JSON.stringify(peft, null, 2)}\n`),
    'adapter_model.safetensors': writeSafetensors(tensors),
  }
}

/** Writes a PEFT directory that `peft.PeftModel.from_pretrained` loads. */
export async function writeAdapter(
  directory: string,
  adapter: Adapter,
  config: ModelConfig,
  baseModelName: string,
): Promise<void> {
  await mkdir(directory, { recursive: true })
  const files = encodeAdapter(adapter, config, baseModelName)
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(directory, name), bytes)
}
