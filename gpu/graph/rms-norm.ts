import type { Differentiable, GradientContext } from './gradient-context.ts'

/**
 * Emits y = x̂·γ with x̂ = x/√(mean(x²)+ε) and dx = inv·(gγ − x̂·mean(gγ·x̂)) (arXiv 1910.07467).
 */
export function rmsNorm(context: GradientContext, x: string, weightName: string): Differentiable {
  const { graph, config, mode, gradients } = context
  const { add, mul, sub, meanLast } = context.ops
  const gain = context.weight(weightName)
  const variance = add(meanLast(mul(x, x)), graph.scalar(config.normEpsilon))
  const inverse = graph.op('Reciprocal', [graph.op('Sqrt', [variance])])
  const unit = mul(x, inverse)
  return {
    y: mul(unit, gain),
    back(gradient) {
      if (mode === 'full') {
        const perRow = mul(gradient, unit)
        gradients.set(
          weightName,
          graph.op('ReduceSum', [perRow, graph.ints([0])], { keepdims: 0n }),
        )
      }
      const scaled = mul(gradient, gain)
      return mul(inverse, sub(scaled, mul(unit, meanLast(mul(scaled, unit)))))
    },
  }
}
