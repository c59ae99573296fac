import { BaseError } from '../../schema/errors.ts'
import { attributionMethod } from './attribution-method.ts'

/**
 * Quantises a vector of any length to int8 codes in [-127, 127].
 *
 * The vector is scaled to unit norm; a component v of a vector of k components becomes
 * v · √k · 127 / 4, rounded half away from zero and clipped, so that ±4 standard deviations of a
 * random unit vector fill the range. A zero vector stays zero.
 *
 * @throws GRADIENT_INVALID if a component is not finite.
 */
export function quantiseRow(values: Float32Array | Float64Array, into: Int8Array): void {
  const { clipSigmas, max } = attributionMethod.codes
  let squares = 0
  for (let j = 0; j < values.length; j++) squares += values[j]! * values[j]!
  if (!Number.isFinite(squares)) throw new BaseError('GRADIENT_INVALID', { facts: { squares } })
  const scale = squares === 0 ? 0 : (max * Math.sqrt(values.length / squares)) / clipSigmas
  for (let j = 0; j < values.length; j++) {
    const scaled = values[j]! * scale
    const size = Math.min(max, Math.floor(Math.abs(scaled) + 0.5))
    into[j] = scaled < 0 ? -size : size
  }
}
