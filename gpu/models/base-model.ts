import type { ModelConfig } from './model-config.ts'

/** A base model in memory. */
export interface BaseModel {
  readonly config: ModelConfig
  /** Hugging Face tensor name → row-major f32 values. */
  readonly weights: ReadonlyMap<string, Float32Array<ArrayBuffer>>
}

/** The files of a model directory, by name. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>
