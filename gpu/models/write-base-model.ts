import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BaseModel } from './base-model.ts'
import { baseLayout } from './base-weights.ts'
import { byteTokenizerFiles } from './byte-tokenizer-files.ts'
import { formatModelConfig } from './model-config.ts'
import { floatTensor, writeSafetensors } from './write-safetensors.ts'

/** A type alias: an interface would not be assignable to `ModelFiles`. */
export type BaseModelFiles = {
  readonly 'config.json': Uint8Array<ArrayBuffer>
  readonly 'model.safetensors': Uint8Array<ArrayBuffer>
  readonly 'tokenizer.json': Uint8Array<ArrayBuffer>
  readonly 'tokenizer_config.json': Uint8Array<ArrayBuffer>
}

const encodeJson = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

/** Encodes a base model with the byte tokenizer in Hugging Face layout; weights rounded to bf16. */
export function encodeBaseModel(model: BaseModel): BaseModelFiles {
  const tensors = new Map(
    baseLayout(model.config).map(({ name, shape }) => [
      name,
      floatTensor('BF16', shape, model.weights.get(name)!),
    ]),
  )
  const { tokenizer, tokenizerConfig } = byteTokenizerFiles(model.config.maxPositions)
  return {
    'config.json': encodeJson(formatModelConfig(model.config)),
    'model.safetensors': writeSafetensors(tensors),
    'tokenizer.json': encodeJson(tokenizer),
    'tokenizer_config.json': encodeJson(tokenizerConfig),
  }
}

/** Writes a base model directory that `transformers.AutoModelForCausalLM` loads. */
export async function writeBaseModel(directory: string, model: BaseModel): Promise<void> {
  await mkdir(directory, { recursive: true })
  const files = encodeBaseModel(model)
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(directory, name), bytes)
}
