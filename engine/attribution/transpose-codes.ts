import { codesLike } from './shared-codes.ts'

const tile = 64

/** Transposes `[rowCount, width]` codes to `[width, rowCount]`, tile by tile for the cache. */
export function transposeCodes(codes: Int8Array, rowCount: number, width: number): Int8Array {
  const result = codesLike(codes, codes.length)
  for (let row = 0; row < rowCount; row += tile) {
    const rowEnd = Math.min(rowCount, row + tile)
    for (let column = 0; column < width; column += tile) {
      const columnEnd = Math.min(width, column + tile)
      for (let i = row; i < rowEnd; i++) {
        for (let j = column; j < columnEnd; j++) result[j * rowCount + i] = codes[i * width + j]!
      }
    }
  }
  return result
}
