import { createGraphBuilder } from '../onnx/graph-builder.ts'

/**
 * `signed`: u8 rows × s8 queries, the fast kernel. `unsigned`: u8 × u8, about half as fast, for CPUs
 * whose u8 × s8 kernel saturates.
 */
export type ScoreKernel = 'signed' | 'unsigned'

/**
 * Builds `rows` u8 [N, K], `queries` [Q, K] (s8 or u8 by kernel) → `scores` i32 [Q, N].
 *
 * Both kernels take int8 codes reinterpreted as bytes; XOR 0x80 turns the byte of a code c into
 * c + 128, which the zero point takes off again inside `MatMulInteger`. The rows are the left
 * operand because they arrive one row after the other, and the right one wants one column each.
 */
export function scoreGraph(kernel: ScoreKernel): Uint8Array {
  const graph = createGraphBuilder()
  const rows = graph.input('rows', 'u8', ['N', 'K'])
  const queries = graph.input('queries', kernel === 'signed' ? 'i8' : 'u8', ['Q', 'K'])
  const shift = graph.constant({
    name: 'shift',
    type: 'u8',
    shape: [],
    data: Uint8Array.of(0x80),
  })
  const left = graph.op('BitwiseXor', [rows, shift])
  const columns = graph.op('Transpose', [queries], { perm: [1n, 0n] })
  const product =
    kernel === 'signed'
      ? graph.op('MatMulInteger', [left, columns, shift])
      : graph.op('MatMulInteger', [left, graph.op('BitwiseXor', [columns, shift]), shift, shift])
  const scores = graph.op('Transpose', [product], { perm: [1n, 0n] })
  graph.output('scores', scores, 'i32', ['Q', 'N'])
  return graph.encode()
}
