import type { Differentiable, GradientContext } from './gradient-context.ts'
import { linear } from './linear.ts'

/** Emits silu(x·Wgᵀ)·(x·Wuᵀ)·Wdᵀ; d silu(a) = σ(a) + silu(a)·(1 − σ(a)) (arXiv 2002.05202). */
export function swiglu(context: GradientContext, x: string, layer: number): Differentiable {
  const { graph } = context
  const { add, mul, sub } = context.ops
  const gate = linear(context, x, layer, 'gate')
  const up = linear(context, x, layer, 'up')
  const sigmoid = graph.op('Sigmoid', [gate.y])
  const silu = mul(gate.y, sigmoid)
  const down = linear(context, mul(silu, up.y), layer, 'down')
  return {
    y: down.y,
    back(gradient) {
      const inner = down.back(gradient)
      const slope = add(sigmoid, mul(silu, sub(graph.scalar(1), sigmoid)))
      const gGate = mul(mul(inner, up.y), slope)
      return add(gate.back(gGate), up.back(mul(inner, silu)))
    },
  }
}
