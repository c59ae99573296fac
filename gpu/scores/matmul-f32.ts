import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { BaseError } from '../../schema/errors.ts'
import { openSession } from '../device/open-session.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'

/** Sizes of C [m, n] = A [m, k] · B. */
export interface MatmulShape {
  readonly m: number
  readonly k: number
  readonly n: number
}

/** Multiplies f32 matrices; the right operand may be int8 codes, which are converted on the way. */
export interface MatmulF32 {
  /** C = A·B with B [k, n]. */
  multiply(a: Float32Array, b: Float32Array | Int8Array, shape: MatmulShape): Promise<Float32Array>
  /** C = A·Bᵀ with B [n, k]. */
  multiplyTransposed(
    a: Float32Array,
    b: Float32Array | Int8Array,
    shape: MatmulShape,
  ): Promise<Float32Array>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens the f32 matrix product of onnxruntime.
 *
 * The last bits of the sums depend on the CPU and on the thread count, so results must be quantised
 * before anything is hashed. Throws `SCORE_OPERANDS_INVALID` when a length does not fit the shape.
 */
export function matmulF32(options: { readonly threads?: number } = {}): MatmulF32 {
  const { threads = 1 } = options
  const sessions = new Map<string, Promise<InferenceSession>>()
  let closed: Promise<void> | undefined
  const session = (type: 'f32' | 'i8', transposed: boolean): Promise<InferenceSession> => {
    const key = `${type}/${transposed}`
    const opened = sessions.get(key) ?? openSession(matmulGraph(type, transposed), { threads })
    sessions.set(key, opened)
    return opened
  }
  const run = async (
    a: Float32Array,
    b: Float32Array | Int8Array,
    { m, k, n }: MatmulShape,
    transposed: boolean,
  ): Promise<Float32Array> => {
    if (a.length !== m * k || b.length !== k * n) {
      throw new BaseError('SCORE_OPERANDS_INVALID', {
        facts: { m, k, n, left: a.length, right: b.length },
      })
    }
    if (m === 0 || n === 0) return new Float32Array(m * n)
    const codes = b instanceof Int8Array
    const dims = transposed ? [n, k] : [k, n]
    const right = codes ? new Tensor('int8', b, dims) : new Tensor('float32', b, dims)
    const opened = await session(codes ? 'i8' : 'f32', transposed)
    const result = await opened.run({ a: new Tensor('float32', a, [m, k]), b: right })
    return result['c']!.data as Float32Array
  }
  const close = (): Promise<void> => {
    closed ??= Promise.all([...sessions.values()].map(async (s) => (await s).release())).then(
      () => undefined,
    )
    return closed
  }
  return {
    multiply: (a, b, shape) => run(a, b, shape, false),
    multiplyTransposed: (a, b, shape) => run(a, b, shape, true),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function matmulGraph(type: 'f32' | 'i8', transposed: boolean): Uint8Array {
  const graph = createGraphBuilder()
  const a = graph.input('a', 'f32', ['m', 'k'])
  const input = graph.input('b', type, transposed ? ['n', 'k'] : ['k', 'n'])
  const b = type === 'i8' ? graph.op('Cast', [input], { to: 1n }) : input
  graph.output('c', graph.op('Gemm', [a, b], { transB: transposed ? 1n : 0n }), 'f32', ['m', 'n'])
  return graph.encode()
}
