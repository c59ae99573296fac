import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelFiles } from './base-model.ts'

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

/**
 * Hashes a set of files so that `sha256sum config.json model.safetensors … | sha256sum` (files in
 * alphabetical order) gives the same 32 bytes, 0x-prefixed.
 */
export function hashModelFiles(files: ModelFiles): `0x${string}` {
  const lines = Object.keys(files)
    .sort()
    .map((name) => `${sha256(files[name]!)}  ${name}\n`)
  return `0x${sha256(lines.join(''))}`
}

/** Hashes the four files of a base model directory. */
export async function hashBaseModel(directory: string): Promise<`0x${string}`> {
  const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
  const entries = await Promise.all(
    names.map(async (name) => [name, await readFile(join(directory, name))] as const),
  )
  return hashModelFiles(Object.fromEntries(entries))
}
