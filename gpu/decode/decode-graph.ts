import { ropeTables } from '../graph/rope-tables.ts'
import { type LoraTarget, loraTargets } from '../models/adapter.ts'
import type { BaseModel } from '../models/base-model.ts'
import { type LayerMatrix, matrixName, matrixShape } from '../models/base-weights.ts'
import { createGraphBuilder, type GraphBuilder } from '../onnx/graph-builder.ts'

export interface DecodeGraphOptions {
  /** Positions of the rotary tables; no position may reach it. */
  readonly contextLength: number
  /** Rank of the adapter pools; smaller adapters are padded with zeros. */
  readonly rank: number
}

/** Names the pool input of a layer's matrix: A is [rows, in, rank], B is [rows, rank, out]. */
export const poolName = (layer: number, target: LoraTarget, matrix: 'A' | 'B'): string =>
  `layers.${layer}.${target}.${matrix}`

const embedding = 'model.embed_tokens.weight'

/**
 * Emits the decode graph of a Llama model: S new tokens for each of B sequences, every sequence with
 * its own adapter, gathered from pools (BGMV of Punica, arXiv 2310.18547).
 *
 * Inputs: `tokens`, `positions` i64 [B, S]; `adapters` i64 [B], a pool row each; `last` i64 [B], the
 * flat index into [B·S] of the position whose logits are wanted; `mask` f32 [B, 1, R, C+S], 0 where
 * a cached or new position is visible and −1e30 elsewhere, R = 1 if S = 1, else one row per (query
 * head of the group, new position); `past.{l}.k|v` f32 [B, keyHeads, C, headSize]; the pools.
 * Outputs: `logits` f32 [B, vocabulary]; `new.{l}.k|v` f32 [B, keyHeads, S, headSize].
 */
export function decodeGraph(model: BaseModel, options: DecodeGraphOptions): Uint8Array {
  const { config, weights } = model
  const { contextLength, rank } = options
  const { headSize, headCount, keyValueHeadCount: keyHeads } = config
  const graph = createGraphBuilder()
  const { op, ints } = graph
  const matmul = (a: string, b: string) => op('MatMul', [a, b])
  const add = (a: string, b: string) => op('Add', [a, b])
  const mul = (a: string, b: string) => op('Mul', [a, b])
  const reshape = (x: string, shape: readonly number[]) => op('Reshape', [x, ints(shape)])
  const transpose = (x: string, axes: readonly bigint[]) => op('Transpose', [x], { perm: axes })

  graph.input('tokens', 'i64', ['B', 'S'])
  graph.input('positions', 'i64', ['B', 'S'])
  graph.input('adapters', 'i64', ['B'])
  graph.input('last', 'i64', ['B'])
  graph.input('mask', 'f32', ['B', 1, 'R', 'C+S'])

  const tables = ropeTables(contextLength, headSize, config.ropeTheta)
  const angles = (name: 'cos' | 'sin') => {
    const table = graph.floats(name, [contextLength, headSize], tables[name])
    return op('Unsqueeze', [op('Gather', [table, 'positions']), ints([2])])
  }
  const cos = angles('cos')
  const sin = angles('sin')
  const rope = (x: string): string => {
    const halves = graph.split('Split', [x, ints([headSize / 2, headSize / 2])], 2, { axis: -1n })
    const rotated = op('Concat', [op('Neg', [halves[1]!]), halves[0]!], { axis: -1n })
    return add(mul(x, cos), mul(rotated, sin))
  }
  const norm = (x: string, name: string): string => {
    const gain = graph.floats(name, [config.hiddenSize], weights.get(name)!)
    return op('SimplifiedLayerNormalization', [x, gain], {
      axis: -1n,
      epsilon: config.normEpsilon,
    })
  }
  const linear = (x: string, layer: number, matrix: LayerMatrix): string => {
    const [rows, columns] = matrixShape(config, matrix)
    const base = matmul(x, columnsFirst(graph, matrixName(layer, matrix), weights, [rows, columns]))
    const target = loraTargets.find((name) => name === matrix)
    if (target === undefined) return base
    const a = graph.input(poolName(layer, target, 'A'), 'f32', ['rows', columns, rank])
    const b = graph.input(poolName(layer, target, 'B'), 'f32', ['rows', rank, rows])
    const low = matmul(x, op('Gather', [a, 'adapters']))
    return add(base, matmul(low, op('Gather', [b, 'adapters'])))
  }
  const attention = (x: string, layer: number): string => {
    const cached = ['B', keyHeads, 'C', headSize]
    const pastKeys = graph.input(`past.${layer}.k`, 'f32', cached)
    const pastValues = graph.input(`past.${layer}.v`, 'f32', cached)
    const heads = (y: string, count: number) => reshape(y, [0, 0, count, headSize])
    const scaled = mul(
      rope(heads(linear(x, layer, 'q'), headCount)),
      graph.scalar(headSize ** -0.5),
    )
    const queries = reshape(transpose(scaled, [0n, 2n, 1n, 3n]), [0, keyHeads, -1, headSize])
    const keys = transpose(rope(heads(linear(x, layer, 'k'), keyHeads)), [0n, 2n, 1n, 3n])
    const values = transpose(heads(linear(x, layer, 'v'), keyHeads), [0n, 2n, 1n, 3n])
    const against = (k: string) => matmul(queries, transpose(k, [0n, 1n, 3n, 2n]))
    const scores = op('Concat', [against(pastKeys), against(keys)], { axis: -1n })
    const shares = op('Softmax', [add(scores, 'mask')], { axis: -1n })
    const pastLength = op('Shape', [pastKeys], { start: 2n, end: 3n })
    const axis = ints([3])
    const pastShares = op('Slice', [shares, ints([0]), pastLength, axis])
    const newShares = op('Slice', [shares, pastLength, ints([2 ** 31 - 1]), axis])
    const mixed = add(matmul(pastShares, pastValues), matmul(newShares, values))
    const fresh = ['B', keyHeads, 'S', headSize]
    graph.output(`new.${layer}.k`, keys, 'f32', fresh)
    graph.output(`new.${layer}.v`, values, 'f32', fresh)
    // The shape of the queries before their heads were grouped gives S, which is dynamic.
    const byHead = op('Reshape', [mixed, op('Shape', [transpose(scaled, [0n, 2n, 1n, 3n])])])
    return linear(
      reshape(transpose(byHead, [0n, 2n, 1n, 3n]), [0, 0, headCount * headSize]),
      layer,
      'o',
    )
  }

  const table = graph.floats(
    embedding,
    [config.vocabularySize, config.hiddenSize],
    weights.get(embedding)!,
  )
  let x = op('Gather', [table, 'tokens'])
  for (let layer = 0; layer < config.layerCount; layer++) {
    const name = `model.layers.${layer}`
    x = add(x, attention(norm(x, `${name}.input_layernorm.weight`), layer))
    const inner = norm(x, `${name}.post_attention_layernorm.weight`)
    const gate = linear(inner, layer, 'gate')
    const hidden = mul(mul(gate, op('Sigmoid', [gate])), linear(inner, layer, 'up'))
    x = add(x, linear(hidden, layer, 'down'))
  }
  const wanted = op('Gather', [reshape(x, [-1, config.hiddenSize]), 'last'])
  const logits = op('Gemm', [norm(wanted, 'model.norm.weight'), table], { transB: 1n })
  graph.output('logits', logits, 'f32', ['B', config.vocabularySize])
  return graph.encode()
}

// Stored [out, in]; a transposing node would be folded into a second copy of the weight.
function columnsFirst(
  graph: GraphBuilder,
  name: string,
  weights: BaseModel['weights'],
  [rows, columns]: readonly [number, number],
): string {
  const stored = weights.get(name)!
  const turned = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = stored[row * columns + column]!
    }
  }
  return graph.floats(name, [columns, rows], turned)
}
