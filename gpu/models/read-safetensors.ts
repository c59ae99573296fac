import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'

/** Bytes per element of the dtypes of the safetensors format. */
export const dtypeSizes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const

export type Dtype = keyof typeof dtypeSizes

/** One tensor; `bytes` is little-endian, row-major and may be unaligned. */
export interface SafeTensor {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, SafeTensor>
  readonly metadata: Readonly<Record<string, string>>
}

const maxHeaderBytes = 100_000_000
const dimension = z.number().int().nonnegative()
const entrySchema = z.strictObject({
  dtype: z.enum(Object.keys(dtypeSizes) as [Dtype, ...Dtype[]]),
  shape: z.array(dimension).max(16),
  data_offsets: z.tuple([dimension, dimension]),
})

// Not z.record: it refuses objects with a key `constructor`, which a tensor may be called.
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (reason: string, facts: Record<string, string | number> = {}, cause?: unknown) =>
  new BaseError('SAFETENSORS_INVALID', { facts: { reason, ...facts }, cause })

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) throw invalid('shorter than the header length', { bytes: bytes.length })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getBigUint64(0, true)
  if (length > BigInt(Math.min(maxHeaderBytes, bytes.length - 8))) {
    throw invalid('header longer than the file', { header: String(length), bytes: bytes.length })
  }
  const dataStart = 8 + Number(length)
  let header: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart))
    header = JSON.parse(text)
  } catch (cause) {
    throw invalid('header is not JSON', {}, cause)
  }
  if (!isObject(header)) throw invalid('header is not a JSON object')
  return { header, dataStart }
}

function readMetadata(raw: unknown): Record<string, string> {
  const entries = isObject(raw) ? Object.entries(raw) : undefined
  if (entries?.every((pair): pair is [string, string] => typeof pair[1] === 'string') !== true) {
    throw invalid('malformed metadata')
  }
  return Object.fromEntries(entries)
}

/**
 * Reads a safetensors file without copying tensor data.
 *
 * @throws SAFETENSORS_INVALID if the header is malformed, a shape does not match its byte range, or
 * the ranges do not cover the data exactly, which is what a truncated file looks like.
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array): SafeTensors {
  const { header, dataStart } = readHeader(bytes)
  const tensors = new Map<string, SafeTensor>()
  const ranges: [number, number][] = []
  for (const [name, raw] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const parsed = entrySchema.safeParse(raw)
    if (!parsed.success) throw invalid('malformed entry', { tensor: name }, parsed.error)
    const { dtype, shape, data_offsets: range } = parsed.data
    const [start, end] = range
    const size = shape.reduce((product, dim) => product * dim, dtypeSizes[dtype])
    if (end < start || end - start !== size || dataStart + end > bytes.length) {
      throw invalid('byte range does not fit shape or file', { tensor: name, start, end, size })
    }
    ranges.push(range)
    tensors.set(name, { dtype, shape, bytes: bytes.subarray(dataStart + start, dataStart + end) })
  }
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  let at = 0
  for (const [start, end] of ranges) {
    if (start !== at) throw invalid('tensors overlap or leave a hole', { at: start })
    at = end
  }
  if (dataStart + at !== bytes.length) {
    throw invalid('data after the last tensor or file truncated', { bytes: bytes.length })
  }
  return { tensors, metadata: readMetadata(header['__metadata__'] ?? {}) }
}
