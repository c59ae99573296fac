import { type LoraTarget, loraTargets } from '../models/adapter.ts'
import { type LayerMatrix, matrixName, matrixShape } from '../models/base-weights.ts'
import type { Differentiable, GradientContext } from './gradient-context.ts'

const isTarget = (matrix: LayerMatrix): matrix is LoraTarget =>
  loraTargets.some((target) => target === matrix)

function plainLinear(
  context: GradientContext,
  x: string,
  layer: number,
  matrix: LayerMatrix,
): Differentiable {
  const { gemm, matmul } = context.ops
  const name = matrixName(layer, matrix)
  const weight = context.weight(name)
  return {
    y: gemm(x, weight, { transB: true }),
    back(gradient) {
      if (context.mode === 'full') {
        context.gradients.set(name, gemm(gradient, x, { transA: true }))
      }
      return matmul(gradient, weight)
    },
  }
}

/** With z = x·Aᵀ, gz = s·g·B: dx = g·W + gz·A, dA = gzᵀ·x, dB = s·gᵀ·z, per example if asked. */
function adaptedLinear(
  context: GradientContext,
  x: string,
  layer: number,
  target: LoraTarget,
): Differentiable {
  const { graph, lora, mode, batch, tokens, gradients } = context
  const { gemm, matmul, mul, reshape, transpose } = context.ops
  const [rows, columns] = matrixShape(context.config, target)
  const scale = lora.alpha / lora.rank
  const prefix = `layers.${layer}.${target}`
  const a = graph.input(`${prefix}.A`, 'f32', [lora.rank, columns])
  const b = graph.input(`${prefix}.B`, 'f32', [rows, lora.rank])
  const weight = context.weight(matrixName(layer, target))
  const z = gemm(x, a, { transB: true })
  const base = gemm(x, weight, { transB: true })
  const perExample = (value: string, width: number): string =>
    reshape(value, [batch, tokens, width])

  return {
    y: gemm(z, b, { transB: true, alpha: scale, plus: base }),
    back(gradient) {
      const gz = gemm(gradient, b, { alpha: scale })
      if (mode === 'sum') {
        gradients.set(a, gemm(gz, x, { transA: true }))
        gradients.set(b, gemm(gradient, z, { transA: true, alpha: scale }))
      } else {
        const zs = mul(z, graph.scalar(scale))
        const left = transpose(perExample(gz, lora.rank), [0, 2, 1])
        gradients.set(a, matmul(left, perExample(x, columns)))
        const right = transpose(perExample(zs, lora.rank), [0, 2, 1])
        gradients.set(b, transpose(matmul(right, perExample(gradient, rows)), [0, 2, 1]))
      }
      return gemm(gz, a, { plus: matmul(gradient, weight) })
    },
  }
}

/** Emits x·Wᵀ of a layer's matrix, with the adapter if the matrix is one of its targets. */
export function linear(
  context: GradientContext,
  x: string,
  layer: number,
  matrix: LayerMatrix,
): Differentiable {
  const adapted =
    context.mode !== 'full' && isTarget(matrix) && context.lora.targets.includes(matrix)
  return adapted ? adaptedLinear(context, x, layer, matrix) : plainLinear(context, x, layer, matrix)
}
