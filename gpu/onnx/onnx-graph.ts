/** ONNX `TensorProto.DataType` numbers of the element types that the graphs use. */
export const elementTypes = {
  f32: 1,
  u8: 2,
  i8: 3,
  i32: 6,
  i64: 7,
  bool: 9,
  f16: 10,
  f64: 11,
  bf16: 16,
} as const

export type ElementType = keyof typeof elementTypes

/** A constant; either its little-endian bytes or the place of the bytes in another file. */
export interface OnnxTensor {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly data: Uint8Array | ExternalData
}

/** Bytes of a tensor in a file beside the model; ORT refuses paths that leave the folder. */
export interface ExternalData {
  readonly location: string
  readonly offset: number
  readonly length: number
}

/**
 * A node attribute. `bigint` is an INT and `number` a FLOAT, so that an axis and an epsilon cannot
 * be confused.
 */
export type OnnxAttribute = bigint | number | string | readonly bigint[] | OnnxTensor

export interface OnnxNode {
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
  readonly domain?: string
}

/** A graph input or output; a text dimension is dynamic. */
export interface OnnxValue {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly (number | string)[]
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}
