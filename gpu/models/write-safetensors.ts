import { type Dtype, dtypeSizes, type SafeTensor } from './read-safetensors.ts'

/**
 * Encodes tensors as a safetensors file, sorted by name, header padded to 8 bytes.
 *
 * Equal tensors and metadata give equal bytes.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Uint8Array<ArrayBuffer> {
  const names = [...tensors.keys()].sort()
  let offset = 0
  const entries = names.map((name) => {
    const { dtype, shape, bytes } = tensors.get(name)!
    const start = offset
    offset += bytes.length
    return [name, { dtype, shape, data_offsets: [start, offset] }] as const
  })
  // fromEntries defines a tensor called `__proto__` as any other; assignment would not.
  const header = Object.fromEntries([['__metadata__', metadata], ...entries])
  const json = Buffer.from(JSON.stringify(header))
  const headerLength = Math.ceil(json.length / 8) * 8
  const out = new Uint8Array(8 + headerLength + offset)
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true)
  out.fill(0x20, 8, 8 + headerLength)
  out.set(json, 8)
  let at = 8 + headerLength
  for (const name of names) {
    const { bytes } = tensors.get(name)!
    out.set(bytes, at)
    at += bytes.length
  }
  return out
}

/** Wraps float values as a tensor of `dtype`; BF16 rounds to nearest, ties to even. */
export function floatTensor(
  dtype: Extract<Dtype, 'F32' | 'BF16'>,
  shape: readonly number[],
  values: Float32Array,
): SafeTensor {
  if (dtype === 'F32') {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    return { dtype, shape, bytes }
  }
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!
    halves[i] = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return { dtype, shape, bytes: new Uint8Array(halves.buffer, 0, values.length * dtypeSizes.BF16) }
}
