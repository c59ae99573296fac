/** Sizes of one score product. */
export interface ScoreShape {
  readonly queryCount: number
  readonly rowCount: number
  /** Codes per query and per row (K). */
  readonly width: number
}

/**
 * Multiplies int8 query codes with int8 row codes into exact int32 dot products.
 *
 * Every backend returns the same integers, bit for bit, on every device.
 */
export interface ScoreBackend {
  readonly name: string
  /**
   * Returns `[queryCount, rowCount]` dot products in row-major order.
   *
   * `queries` is `[queryCount, width]`, `rows` is `[rowCount, width]`, both row-major with codes in
   * [-127, 127]. Throws `SCORE_OPERANDS_INVALID` when a length does not fit the shape.
   */
  score(queries: Int8Array, rows: Int8Array, shape: ScoreShape): Promise<Int32Array>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
