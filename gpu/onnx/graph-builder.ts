import { encodeModel } from './encode-model.ts'
import type { ElementType, OnnxAttribute, OnnxNode, OnnxTensor, OnnxValue } from './onnx-graph.ts'

type Attributes = Readonly<Record<string, OnnxAttribute>>

/** Collects nodes and constants; a tensor is named by the string that `op` returned. */
export interface GraphBuilder {
  /** Adds a node with one output and returns the output's name. */
  op(type: string, inputs: readonly string[], attributes?: Attributes, domain?: string): string
  /** Adds a node with `count` outputs and returns their names. */
  split(type: string, inputs: readonly string[], count: number, attributes?: Attributes): string[]
  /**
   * Returns an int64 vector constant, one per distinct list. Axes, shapes, split sizes and slice
   * bounds are inputs of this kind at operator set 18, not attributes.
   */
  ints(values: readonly number[]): string
  /** Returns an f32 scalar constant, one per distinct value. */
  scalar(value: number): string
  /** Adds an f32 constant under a fixed name, row-major. */
  floats(name: string, shape: readonly number[], values: Float32Array): string
  /** Adds a constant of any type, or one whose bytes lie in another file. */
  constant(tensor: OnnxTensor): string
  /** Declares a graph input and returns its name. */
  input(name: string, type: ElementType, shape: readonly (number | string)[]): string
  /** Publishes `value` as the graph output `name`. */
  output(name: string, value: string, type: ElementType, shape: readonly (number | string)[]): void
  /** Encodes what the outputs need as an ONNX model; ORT would compute the rest as well. */
  encode(): Uint8Array
}

function reachableNodes(nodes: readonly OnnxNode[], outputs: readonly OnnxValue[]): OnnxNode[] {
  const needed = new Set(outputs.map((value) => value.name))
  return nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false
      for (const name of node.inputs) needed.add(name)
      return true
    })
    .toReversed()
}

const bytesOf = (values: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/**
 * Creates an empty graph.
 *
 * @example
 * const graph = createGraphBuilder()
 * const x = graph.input('x', 'f32', ['n', 4])
 * graph.output('y', graph.op('Mul', [x, graph.scalar(2)]), 'f32', ['n', 4])
 * const session = await InferenceSession.create(graph.encode())
 */
export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = []
  const inputs: OnnxValue[] = []
  const outputs: OnnxValue[] = []
  const intLists = new Map<string, string>()
  const scalars = new Map<number, string>()
  let counter = 0
  const nextName = (prefix: string): string => `${prefix}_${counter++}`

  const builder: GraphBuilder = {
    op(type, nodeInputs, attributes = {}, domain) {
      const name = nextName(type)
      const node = { type, inputs: nodeInputs, outputs: [name], attributes }
      nodes.push(domain === undefined ? node : { ...node, domain })
      return name
    },
    split(type, nodeInputs, count, attributes = {}) {
      const names = Array.from({ length: count }, () => nextName(type))
      nodes.push({ type, inputs: nodeInputs, outputs: names, attributes })
      return names
    },
    ints(values) {
      const key = values.join()
      const known = intLists.get(key)
      if (known !== undefined) return known
      const data = bytesOf(BigInt64Array.from(values, BigInt))
      const name = builder.constant({
        name: nextName('ints'),
        type: 'i64',
        shape: [values.length],
        data,
      })
      intLists.set(key, name)
      return name
    },
    scalar(value) {
      const known = scalars.get(value)
      if (known !== undefined) return known
      const name = builder.floats(nextName('scalar'), [], Float32Array.of(value))
      scalars.set(value, name)
      return name
    },
    floats: (name, shape, values) =>
      builder.constant({ name, type: 'f32', shape, data: bytesOf(values) }),
    constant(tensor) {
      initializers.push(tensor)
      return tensor.name
    },
    input(name, type, shape) {
      inputs.push({ name, type, shape })
      return name
    },
    output(name, value, type, shape) {
      nodes.push({ type: 'Identity', inputs: [value], outputs: [name], attributes: {} })
      outputs.push({ name, type, shape })
    },
    encode: () =>
      encodeModel({ nodes: reachableNodes(nodes, outputs), initializers, inputs, outputs }),
  }
  return builder
}
