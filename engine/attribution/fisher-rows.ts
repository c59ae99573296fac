import { attributionMethod } from './attribution-method.ts'

/**
 * Selects the representatives that enter the Fisher matrix: all of them up to 4,096, otherwise that
 * many at even distances.
 */
export function fisherRows(representatives: readonly number[]): readonly number[] {
  const { maxRows } = attributionMethod.fisher
  const count = representatives.length
  if (count <= maxRows) return representatives
  return Array.from(
    { length: maxRows },
    (_, i) => representatives[Math.floor((i * count) / maxRows)]!,
  )
}
