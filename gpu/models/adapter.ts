import { type LayoutEntry, layerMatrices, layOut, matrixShape } from './base-weights.ts'
import type { ModelConfig } from './model-config.ts'

/** The matrices that may carry an adapter, in the order of the flat vector. */
export const loraTargets = ['q', 'k', 'v', 'o'] as const

export type LoraTarget = (typeof loraTargets)[number]

/** y = x·Wᵀ + (alpha / rank)·(x·Aᵀ)·Bᵀ on each target (LoRA, arXiv 2106.09685). */
export interface LoraConfig {
  readonly rank: number
  readonly alpha: number
  /** In the order of {@link loraTargets}, each at most once. */
  readonly targets: readonly LoraTarget[]
}

/** An adapter as one flat vector in the order of {@link adapterLayout}. */
export interface Adapter {
  readonly lora: LoraConfig
  readonly values: Float32Array<ArrayBuffer>
}

export interface AdapterEntry extends LayoutEntry {
  readonly layer: number
  readonly target: LoraTarget
  /** A is [rank, in], B is [out, rank]. */
  readonly matrix: 'A' | 'B'
  readonly shape: readonly [number, number]
  /** Name of the tensor in a PEFT directory. */
  readonly peftName: string
}

/**
 * Lists the tensors of an adapter, `layers.{l}.{q,k,v,o}.{A,B}`, by layer, then target, then matrix.
 *
 * Gradients, optimiser moments and checkpoints are flat vectors of the same order.
 */
export function adapterLayout(config: ModelConfig, lora: LoraConfig): AdapterEntry[] {
  const parts = Array.from({ length: config.layerCount }, (_, layer) =>
    loraTargets
      .filter((target) => lora.targets.includes(target))
      .flatMap((target) => {
        const [rows, columns] = matrixShape(config, target)
        return [
          { layer, target, matrix: 'A' as const, shape: [lora.rank, columns] as const },
          { layer, target, matrix: 'B' as const, shape: [rows, lora.rank] as const },
        ]
      }),
  ).flat()
  const places = layOut(
    parts.map((part) => [`layers.${part.layer}.${part.target}.${part.matrix}`, part.shape]),
  )
  return parts.map((part, index) => ({
    ...places[index]!,
    ...part,
    peftName: `base_model.model.model.layers.${part.layer}.${layerMatrices[part.target]}.lora_${part.matrix}.weight`,
  }))
}

/** Counts the numbers of an adapter. */
export function adapterSize(config: ModelConfig, lora: LoraConfig): number {
  return adapterLayout(config, lora).reduce((sum, entry) => sum + entry.length, 0)
}
