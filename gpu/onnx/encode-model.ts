import {
  elementTypes,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './onnx-graph.ts'
import {
  bytesField,
  floatField,
  intField,
  type Message,
  messageField,
  textField,
} from './protobuf.ts'

const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, ints: 7 } as const
const externalLocation = 1

function encodeTensor(tensor: OnnxTensor): Message {
  const head = [
    ...tensor.shape.flatMap((dimension) => intField(1, dimension)),
    ...intField(2, elementTypes[tensor.type]),
    ...textField(8, tensor.name),
  ]
  if (tensor.data instanceof Uint8Array) return [...head, ...bytesField(9, tensor.data)]
  const entries = Object.entries({
    location: tensor.data.location,
    offset: String(tensor.data.offset),
    length: String(tensor.data.length),
  })
  return [
    ...head,
    ...entries.flatMap(([key, value]) =>
      messageField(13, [...textField(1, key), ...textField(2, value)]),
    ),
    ...intField(14, externalLocation),
  ]
}

function encodeAttribute(name: string, value: OnnxAttribute): Message {
  const body = (): Message => {
    if (typeof value === 'bigint')
      return [...intField(3, value), ...intField(20, attributeTypes.int)]
    if (typeof value === 'number')
      return [...floatField(2, value), ...intField(20, attributeTypes.float)]
    if (typeof value === 'string')
      return [...textField(4, value), ...intField(20, attributeTypes.string)]
    if ('data' in value)
      return [...messageField(5, encodeTensor(value)), ...intField(20, attributeTypes.tensor)]
    return [...value.flatMap((item) => intField(8, item)), ...intField(20, attributeTypes.ints)]
  }
  return [...textField(1, name), ...body()]
}

const encodeNode = (node: OnnxNode): Message => [
  ...node.inputs.flatMap((name) => textField(1, name)),
  ...node.outputs.flatMap((name) => textField(2, name)),
  ...textField(4, node.type),
  ...Object.entries(node.attributes).flatMap(([name, value]) =>
    messageField(5, encodeAttribute(name, value)),
  ),
  ...(node.domain === undefined ? [] : textField(7, node.domain)),
]

function encodeValue(value: OnnxValue): Message {
  const dimensions = value.shape.flatMap((dimension) =>
    messageField(
      1,
      typeof dimension === 'number' ? intField(1, dimension) : textField(2, dimension),
    ),
  )
  const tensorType = [...intField(1, elementTypes[value.type]), ...messageField(2, dimensions)]
  return [...textField(1, value.name), ...messageField(2, messageField(1, tensorType))]
}

const operatorSet = (domain: string, version: number): Message =>
  messageField(8, [...textField(1, domain), ...intField(2, version)])

/**
 * Encodes a graph as an ONNX `ModelProto` (IR 9, operator set 18, plus `com.microsoft` 1).
 *
 * A protobuf message ends at 2 GB: larger weights go in as {@link ExternalData}.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const body = [
    ...graph.nodes.flatMap((node) => messageField(1, encodeNode(node))),
    ...textField(2, 'graph'),
    ...graph.initializers.flatMap((tensor) => messageField(5, encodeTensor(tensor))),
    ...graph.inputs.flatMap((value) => messageField(11, encodeValue(value))),
    ...graph.outputs.flatMap((value) => messageField(12, encodeValue(value))),
  ]
  return Buffer.concat([
    ...intField(1, 9),
    ...operatorSet('', 18),
    ...operatorSet('com.microsoft', 1),
    ...messageField(7, body),
  ])
}
