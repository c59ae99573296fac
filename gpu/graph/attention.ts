import type { GradientContext } from './gradient-context.ts'

/** Gradients of attention's three inputs, each [batch·tokens, width]. */
export interface AttentionGradients {
  readonly q: string
  readonly k: string
  readonly v: string
}

export interface Attention {
  readonly y: string
  readonly back: (gradient: string) => AttentionGradients
}

/** The constants that every layer shares: rotation tables and the causal mask. */
export interface AttentionConstants {
  readonly cos: string
  readonly sin: string
  readonly mask: string
}

/**
 * Emits causal grouped-query attention with rotary positions.
 *
 * The query heads of one key head lie in the row axis (group·tokens rows), so that the gradients of
 * k and v sum over the group inside the MatMul.
 */
export function attention(
  context: GradientContext,
  constants: AttentionConstants,
  q: string,
  k: string,
  v: string,
): Attention {
  const { graph, config, batch, tokens } = context
  const { add, mul, sub, matmul, reshape, transpose, sumLast } = context.ops
  const { headCount, keyValueHeadCount: keys, headSize } = config
  const group = headCount / keys
  const scale = graph.scalar(1 / Math.sqrt(headSize))
  const halves = graph.ints([headSize / 2, headSize / 2])
  const concat = (a: string, b: string): string => graph.op('Concat', [a, b], { axis: -1n })
  const negate = (x: string): string => graph.op('Neg', [x])
  const split = (x: string): [string, string] => {
    const [low, high] = graph.split('Split', [x, halves], 2, { axis: -1n })
    return [low!, high!]
  }
  const rotate = (x: string): string => {
    const [low, high] = split(x)
    return concat(negate(high), low)
  }
  const rotateBack = (x: string): string => {
    const [low, high] = split(x)
    return concat(high, negate(low))
  }
  const rope = (x: string, heads: number): string => {
    const split4 = reshape(x, [batch, tokens, heads, headSize])
    return add(mul(split4, constants.cos), mul(rotate(split4), constants.sin))
  }
  const ropeBack = (x: string, heads: number): string => {
    const turned = add(mul(x, constants.cos), rotateBack(mul(x, constants.sin)))
    return reshape(turned, [batch * tokens, heads * headSize])
  }
  const toGroups = (x: string): string => {
    const split5 = reshape(x, [batch, tokens, keys, group, headSize])
    return reshape(transpose(split5, [0, 2, 3, 1, 4]), [batch, keys, group * tokens, headSize])
  }
  const fromGroups = (x: string, shape: readonly number[]): string => {
    const split5 = reshape(x, [batch, keys, group, tokens, headSize])
    return reshape(transpose(split5, [0, 3, 1, 2, 4]), shape)
  }
  const swapMiddle = (x: string): string => transpose(x, [0, 2, 1, 3])
  const swapLast = (x: string): string => transpose(x, [0, 1, 3, 2])

  const queries = mul(toGroups(rope(q, headCount)), scale)
  const keyHeads = swapMiddle(rope(k, keys))
  const valueHeads = swapMiddle(reshape(v, [batch, tokens, keys, headSize]))
  const scores = add(matmul(queries, swapLast(keyHeads)), constants.mask)
  const weights = graph.op('Softmax', [scores], { axis: -1n })
  return {
    y: fromGroups(matmul(weights, valueHeads), [batch * tokens, headCount * headSize]),
    back(gradient) {
      const grouped = toGroups(gradient)
      const gWeights = matmul(grouped, swapLast(valueHeads))
      const gValues = matmul(swapLast(weights), grouped)
      const gScores = mul(weights, sub(gWeights, sumLast(mul(gWeights, weights))))
      const gQueries = mul(matmul(gScores, keyHeads), scale)
      const gKeys = matmul(swapLast(gScores), queries)
      return {
        q: ropeBack(fromGroups(gQueries, [batch, tokens, headCount, headSize]), headCount),
        k: ropeBack(swapMiddle(gKeys), keys),
        v: reshape(swapMiddle(gValues), [batch * tokens, keys * headSize]),
      }
    },
  }
}
