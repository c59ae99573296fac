import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { createGraphBuilder } from './graph-builder.ts'

async function run(bytes: Uint8Array, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 })
  const outputs = await session.run(feeds)
  const { inputNames, outputNames } = session
  await session.release()
  return { outputs, inputNames, outputNames }
}

describe('createGraphBuilder', () => {
  it('builds a graph that onnxruntime runs, with a dynamic dimension and every constant kind', async () => {
    const graph = createGraphBuilder()
    const x = graph.input('x', 'f32', ['n', 4])
    const weights = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    const product = graph.op('Gemm', [x, graph.floats('w', [2, 4], weights)], {
      transB: 1n,
      alpha: 2,
    })
    const [left, right] = graph.split('Split', [product, graph.ints([1, 1])], 2, { axis: 1n })
    const joined = graph.op('Concat', [right!, left!], { axis: -1n })
    graph.output('y', graph.op('Mul', [joined, graph.scalar(0.5)]), 'f32', ['n', 2])
    const input = Float32Array.of(9, 9, 1, 1, 1, 1, 0, 0, 0, 1)
    const { outputs } = await run(graph.encode(), {
      x: new Tensor('float32', input.subarray(2), [2, 4]),
    })
    expect(outputs['y']!.dims).toEqual([2, 2])
    expect([...(outputs['y']!.data as Float32Array)]).toEqual([26, 10, 8, 4])
  })

  it('shares equal constants', () => {
    const graph = createGraphBuilder()
    expect(graph.ints([1, 2])).toBe(graph.ints([1, 2]))
    expect(graph.ints([1, 2])).not.toBe(graph.ints([12]))
    expect(graph.scalar(0.5)).toBe(graph.scalar(0.5))
  })

  it('leaves out nodes that no output needs', () => {
    const build = (withUnused: boolean) => {
      const graph = createGraphBuilder()
      const x = graph.input('x', 'f32', [1])
      const y = graph.op('Neg', [x])
      if (withUnused) graph.op('Exp', [graph.op('Neg', [y])])
      graph.output('y', y, 'f32', [1])
      return graph.encode()
    }
    expect(build(true)).toEqual(build(false))
  })
})
