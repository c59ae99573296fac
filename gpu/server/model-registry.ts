import { resolve } from 'node:path'
import { BaseError } from '../../schema/errors.ts'
import type { DecodeEngine } from '../decode/decode-engine.ts'
import type { AdapterReference } from '../decode/decode-job.ts'

/** A name that requests may use as `model`. */
export interface ServedModel {
  readonly name: string
  /** Directory of its files. */
  readonly root: string
  /** Null for the base model. */
  readonly adapter: AdapterReference | null
  /** Unix seconds. */
  readonly created: number
}

/** The base model and the adapters that are loaded now, by name. */
export interface ModelRegistry {
  readonly base: ServedModel
  list(): readonly ServedModel[]
  /** Throws `UNKNOWN_MODEL`. */
  find(name: string): ServedModel
  /**
   * Reads a PEFT directory and serves it under `name`; a loaded name is replaced in place, and
   * requests that are running keep the adapter they started with.
   * Throws `REQUEST_INVALID` for the name of the base model, `ADAPTER_INVALID`,
   * `SAFETENSORS_INVALID`.
   */
  load(name: string, path: string): Promise<ServedModel>
  /** Throws `UNKNOWN_MODEL`. */
  unload(name: string): void
}

export interface ModelRegistryOptions {
  readonly engine: DecodeEngine
  readonly base: { readonly name: string; readonly directory: string }
}

/** Creates a registry with the base model only. */
export function createModelRegistry(options: ModelRegistryOptions): ModelRegistry {
  const { engine } = options
  const now = (): number => Math.floor(Date.now() / 1000)
  const { name: baseName, directory } = options.base
  const base: ServedModel = { name: baseName, root: directory, adapter: null, created: now() }
  const adapters = new Map<string, ServedModel>()
  const unknown = (name: string): BaseError =>
    new BaseError('UNKNOWN_MODEL', { facts: { model: name } })

  return {
    base,
    list: () => [base, ...adapters.values()],
    find(name) {
      const found = name === base.name ? base : adapters.get(name)
      if (found === undefined) throw unknown(name)
      return found
    },
    async load(name, path) {
      if (name === base.name) {
        throw new BaseError('REQUEST_INVALID', {
          facts: { field: 'lora_name', reason: 'this is the name of the base model' },
        })
      }
      const root = resolve(path)
      const adapter = await engine.inspectAdapter(root)
      const served = { name, root, adapter, created: now() }
      adapters.set(name, served)
      return served
    },
    unload(name) {
      if (!adapters.delete(name)) throw unknown(name)
    },
  }
}
