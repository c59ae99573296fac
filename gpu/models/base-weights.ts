import type { ModelConfig } from './model-config.ts'

/** One tensor of a flat parameter vector: `length` numbers from `offset`, row-major. */
export interface LayoutEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly length: number
}

/** The seven weight matrices of a decoder layer, by the short names used in graphs. */
export const layerMatrices = {
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
} as const

export type LayerMatrix = keyof typeof layerMatrices

/** Gives [out, in] of a layer's weight matrix. */
export function matrixShape(config: ModelConfig, matrix: LayerMatrix): readonly [number, number] {
  const hidden = config.hiddenSize
  const queries = config.headCount * config.headSize
  const keys = config.keyValueHeadCount * config.headSize
  const shapes: Record<LayerMatrix, readonly [number, number]> = {
    q: [queries, hidden],
    k: [keys, hidden],
    v: [keys, hidden],
    o: [hidden, queries],
    gate: [config.feedForwardSize, hidden],
    up: [config.feedForwardSize, hidden],
    down: [hidden, config.feedForwardSize],
  }
  return shapes[matrix]
}

/** Gives the Hugging Face tensor name of a layer's weight matrix. */
export const matrixName = (layer: number, matrix: LayerMatrix): string =>
  `model.layers.${layer}.${layerMatrices[matrix]}.weight`

/** Lays named shapes out one after the other. */
export function layOut(shapes: Iterable<readonly [string, readonly number[]]>): LayoutEntry[] {
  const entries: LayoutEntry[] = []
  let offset = 0
  for (const [name, shape] of shapes) {
    const length = shape.reduce((product, dimension) => product * dimension, 1)
    entries.push({ name, shape, offset, length })
    offset += length
  }
  return entries
}

/** Lists every base weight under its Hugging Face name, in file order. */
export function baseLayout(config: ModelConfig): LayoutEntry[] {
  const hidden = [config.hiddenSize]
  const layers = Array.from({ length: config.layerCount }, (_, layer) => [
    [`model.layers.${layer}.input_layernorm.weight`, hidden] as const,
    [`model.layers.${layer}.post_attention_layernorm.weight`, hidden] as const,
    ...(Object.keys(layerMatrices) as LayerMatrix[]).map(
      (matrix) => [matrixName(layer, matrix), matrixShape(config, matrix)] as const,
    ),
  ])
  return layOut([
    ['model.embed_tokens.weight', [config.vocabularySize, config.hiddenSize]],
    ...layers.flat(),
    ['model.norm.weight', hidden],
  ])
}
