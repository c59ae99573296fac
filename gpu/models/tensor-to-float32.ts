import { BaseError } from '../../schema/errors.ts'
import type { SafeTensor } from './read-safetensors.ts'

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/**
 * Copies a F32, F16 or BF16 tensor into float values.
 *
 * @throws SAFETENSORS_INVALID for another dtype or a value that is not finite.
 */
export function tensorToFloat32(name: string, tensor: SafeTensor): Float32Array<ArrayBuffer> {
  // Not slice(): on a Buffer it shares the memory, at any alignment.
  const copy = new Uint8Array(tensor.bytes).buffer
  const values = ((): Float32Array<ArrayBuffer> => {
    if (tensor.dtype === 'F32') return new Float32Array(copy)
    if (tensor.dtype === 'F16') return Float32Array.from(new Uint16Array(copy), halfToFloat)
    if (tensor.dtype === 'BF16') {
      const words = Uint32Array.from(new Uint16Array(copy), (half) => half << 16)
      return new Float32Array(words.buffer)
    }
    throw new BaseError('SAFETENSORS_INVALID', {
      facts: { reason: 'not a floating-point tensor', tensor: name, dtype: tensor.dtype },
    })
  })()
  if (values.some((value) => !Number.isFinite(value))) {
    throw new BaseError('SAFETENSORS_INVALID', {
      facts: { reason: 'a value is not finite', tensor: name },
    })
  }
  return values
}
