import type { GraphBuilder } from '../onnx/graph-builder.ts'
import type { TensorOps } from './gradient-context.ts'

/** Creates the short operator names over a graph builder. */
export function createTensorOps(graph: GraphBuilder): TensorOps {
  const { op, ints } = graph
  return {
    add: (a, b) => op('Add', [a, b]),
    sub: (a, b) => op('Sub', [a, b]),
    mul: (a, b) => op('Mul', [a, b]),
    matmul: (a, b) => op('MatMul', [a, b]),
    gemm: (a, b, { transA = false, transB = false, alpha = 1, plus } = {}) =>
      op('Gemm', plus === undefined ? [a, b] : [a, b, plus], {
        ...(transA ? { transA: 1n } : {}),
        ...(transB ? { transB: 1n } : {}),
        ...(alpha === 1 ? {} : { alpha }),
      }),
    reshape: (x, shape) => op('Reshape', [x, ints(shape)]),
    transpose: (x, permutation) => op('Transpose', [x], { perm: permutation.map(BigInt) }),
    sumLast: (x) => op('ReduceSum', [x, ints([-1])], { keepdims: 1n }),
    meanLast: (x) => op('ReduceMean', [x, ints([-1])], { keepdims: 1n }),
  }
}
