import { adapterLayout, type LoraConfig } from '../models/adapter.ts'
import { baseLayout, type LayoutEntry } from '../models/base-weights.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'
import { causalMask } from './causal-mask.ts'
import { decoderLayer } from './decoder-layer.ts'
import type { GradientContext, GradientMode } from './gradient-context.ts'
import { rmsNorm } from './rms-norm.ts'
import { ropeTables } from './rope-tables.ts'
import { createTensorOps } from './tensor-ops.ts'

export interface GradientGraphOptions {
  readonly batch: number
  readonly tokens: number
  readonly mode: GradientMode
  /** Base weights by Hugging Face name; unused in mode `full`, where they are graph inputs. */
  readonly weights: ReadonlyMap<string, Float32Array>
  readonly lora: LoraConfig
}

/** An ONNX model and the meaning of its `grads` output. */
export interface GradientGraph {
  readonly bytes: Uint8Array
  /** Trainable inputs, in the order in which `grads` concatenates their gradients. */
  readonly layout: readonly LayoutEntry[]
}

const embedding = 'model.embed_tokens.weight'

/**
 * Emits forward pass, loss and hand-derived backward pass of a Llama decoder with LoRA as one graph.
 *
 * Inputs: `tokens`, `targets` i64 [batch, tokens] (targets[t] = tokens[t+1]); `lossw` f32 of the
 * same shape, 0 for prompt and right padding, so that the causal mask needs nothing else; and the
 * tensors of `layout` (the adapter, or every base weight in mode `full`).
 * Outputs: `loss` f32 [batch] = Σ_t lossw·nll; `grads` f32 [P], or [batch, P] in mode `perexample`.
 */
export function emitGradientGraph(
  config: ModelConfig,
  options: GradientGraphOptions,
): GradientGraph {
  const { batch, tokens, mode, weights, lora } = options
  const { vocabularySize, headSize } = config
  const graph = createGraphBuilder()
  const ops = createTensorOps(graph)
  const base = new Map(baseLayout(config).map((entry) => [entry.name, entry]))
  const added = new Set<string>()
  const context: GradientContext = {
    graph,
    ops,
    config,
    lora,
    mode,
    batch,
    tokens,
    gradients: new Map(),
    weight(name) {
      if (added.has(name)) return name
      added.add(name)
      const { shape } = base.get(name)!
      if (mode === 'full') return graph.input(name, 'f32', shape)
      return graph.floats(name, shape, weights.get(name)!)
    },
  }
  graph.input('tokens', 'i64', [batch, tokens])
  graph.input('targets', 'i64', [batch, tokens])
  graph.input('lossw', 'f32', [batch, tokens])
  const tables = ropeTables(tokens, headSize, config.ropeTheta)
  const group = config.headCount / config.keyValueHeadCount
  const constants = {
    cos: graph.floats('cos', [tokens, 1, headSize], tables.cos),
    sin: graph.floats('sin', [tokens, 1, headSize], tables.sin),
    mask: graph.floats('mask', [group * tokens, tokens], causalMask(group, tokens)),
  }
  const flatTokens = ops.reshape('tokens', [-1])
  const column = (name: string): string => ops.reshape(name, [-1, 1])

  let x = graph.op('Gather', [context.weight(embedding), flatTokens])
  const layers = Array.from({ length: config.layerCount }, (_, index) => {
    const layer = decoderLayer(context, constants, x, index)
    x = layer.y
    return layer
  })
  const finalNorm = rmsNorm(context, x, 'model.norm.weight')
  const logits = ops.gemm(finalNorm.y, context.weight(embedding), { transB: true })
  const logProbabilities = graph.op('LogSoftmax', [logits], { axis: -1n })
  const picked = graph.op('GatherElements', [logProbabilities, column('targets')], { axis: -1n })
  const weighted = ops.mul(graph.op('Neg', [picked]), column('lossw'))
  const loss = graph.op('ReduceSum', [ops.reshape(weighted, [batch, tokens]), graph.ints([-1])], {
    keepdims: 0n,
  })
  graph.output('loss', loss, 'f32', [batch])
  if (mode === 'forward') {
    return {
      bytes: graph.encode(),
      layout: adapterLayout(config, lora),
    }
  }

  const oneHot = (ids: string): string =>
    graph.op(
      'OneHot',
      [ids, graph.ints([vocabularySize]), graph.floats(`onoff.${ids}`, [2], Float32Array.of(0, 1))],
      {
        axis: -1n,
      },
    )
  const probabilities = graph.op('Exp', [logProbabilities])
  const flatTargets = ops.reshape('targets', [-1])
  const gLogits = ops.mul(ops.sub(probabilities, oneHot(flatTargets)), column('lossw'))
  let gradient = finalNorm.back(ops.matmul(gLogits, context.weight(embedding)))
  for (const layer of layers.toReversed()) gradient = layer.back(gradient)
  if (mode === 'full') {
    const asHead = ops.gemm(gLogits, finalNorm.y, { transA: true })
    const asInput = ops.gemm(oneHot(flatTokens), gradient, { transA: true, plus: asHead })
    context.gradients.set(embedding, asInput)
  }
  const layout = mode === 'full' ? baseLayout(config) : adapterLayout(config, lora)
  const perExample = mode === 'perexample'
  const flat = layout.map((entry) =>
    ops.reshape(context.gradients.get(entry.name)!, perExample ? [batch, -1] : [-1]),
  )
  const size = layout.reduce((sum, entry) => sum + entry.length, 0)
  graph.output(
    'grads',
    graph.op('Concat', flat, { axis: perExample ? 1n : 0n }),
    'f32',
    perExample ? [batch, size] : [size],
  )
  return { bytes: graph.encode(), layout }
}
