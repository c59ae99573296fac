import { attributionMethod } from './attribution-method.ts'

/** Codes per row for an adapter of `size` numbers: all of them, or the width of the projection. */
export function gradientWidth(size: number): number {
  const { maxUnprojected, width } = attributionMethod.projection
  return size > maxUnprojected ? width : size
}
