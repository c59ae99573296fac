import { checkScoreOperands } from './check-score-operands.ts'
import type { ScoreBackend } from './score-backend.ts'

const bandRows = 256

/**
 * Returns the exact `[rowCount, rowCount]` int32 matrix of dot products between all rows.
 *
 * `rows` is `[rowCount, width]` int8 codes. Only the upper triangle is computed.
 * Throws `SCORE_OPERANDS_INVALID` as {@link ScoreBackend.score}.
 */
export async function gramMatrix(
  backend: ScoreBackend,
  rows: Int8Array,
  shape: { readonly rowCount: number; readonly width: number },
): Promise<Int32Array> {
  const { rowCount, width } = shape
  checkScoreOperands(rows, rows, { queryCount: rowCount, rowCount, width })
  const gram = new Int32Array(rowCount * rowCount)
  for (let from = 0; from < rowCount; from += bandRows) {
    const to = Math.min(rowCount, from + bandRows)
    const band = rows.subarray(from * width, to * width)
    const rest = rows.subarray(from * width)
    const columns = rowCount - from
    const scores = await backend.score(band, rest, {
      queryCount: to - from,
      rowCount: columns,
      width,
    })
    for (let row = from; row < to; row++) {
      for (let column = row; column < rowCount; column++) {
        const value = scores[(row - from) * columns + column - from]!
        gram[row * rowCount + column] = value
        gram[column * rowCount + row] = value
      }
    }
  }
  return gram
}
