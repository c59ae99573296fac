import { type AttentionConstants, attention } from './attention.ts'
import type { Differentiable, GradientContext } from './gradient-context.ts'
import { linear } from './linear.ts'
import { rmsNorm } from './rms-norm.ts'
import { swiglu } from './swiglu.ts'

/** Emits one pre-norm decoder layer: attention and feed-forward, each with its residual. */
export function decoderLayer(
  context: GradientContext,
  constants: AttentionConstants,
  x: string,
  layer: number,
): Differentiable {
  const { add } = context.ops
  const name = `model.layers.${layer}`
  const inputNorm = rmsNorm(context, x, `${name}.input_layernorm.weight`)
  const q = linear(context, inputNorm.y, layer, 'q')
  const k = linear(context, inputNorm.y, layer, 'k')
  const v = linear(context, inputNorm.y, layer, 'v')
  const mixed = attention(context, constants, q.y, k.y, v.y)
  const o = linear(context, mixed.y, layer, 'o')
  const middle = add(x, o.y)
  const middleNorm = rmsNorm(context, middle, `${name}.post_attention_layernorm.weight`)
  const feedForward = swiglu(context, middleNorm.y, layer)
  return {
    y: add(middle, feedForward.y),
    back(gradient) {
      const gMiddle = add(gradient, middleNorm.back(feedForward.back(gradient)))
      const g = mixed.back(o.back(gMiddle))
      const gNorm = add(add(q.back(g.q), k.back(g.k)), v.back(g.v))
      return add(gMiddle, inputNorm.back(gNorm))
    },
  }
}
