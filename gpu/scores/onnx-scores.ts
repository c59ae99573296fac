import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { openSession } from '../device/open-session.ts'
import { checkScoreOperands } from './check-score-operands.ts'
import type { ScoreBackend, ScoreShape } from './score-backend.ts'
import { type ScoreKernel, scoreGraph } from './score-graph.ts'

// A tile stays in the second-level cache between the shift and the product: twice the speed of 16 MB.
const tileBytes = 2 ** 21
const tileQueries = 256

export interface OnnxScoresOptions {
  readonly threads?: number
  /** Chosen by {@link onnxScores} from a probe of the CPU if absent. */
  readonly kernel?: ScoreKernel
}

/**
 * Creates the onnxruntime score backend (`MatMulInteger`), the fast one on a CPU.
 *
 * On x86-64 without VNNI the u8 × s8 product saturates its 16-bit pair sums, so the largest codes
 * are multiplied once at the start and a wrong result selects the u8 × u8 product.
 * `score` computes on the calling thread.
 *
 * @see https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
 */
export async function onnxScores(options: OnnxScoresOptions = {}): Promise<ScoreBackend> {
  const { threads = 1 } = options
  let kernel = options.kernel ?? 'signed'
  let session = await openSession(scoreGraph(kernel), { threads })
  if (options.kernel === undefined && !(await isExact(session, kernel))) {
    await session.release()
    kernel = 'unsigned'
    session = await openSession(scoreGraph(kernel), { threads })
  }
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= session.release()
    return closed
  }
  return {
    name: `onnx/${kernel}`,
    async score(queries, rows, shape) {
      checkScoreOperands(queries, rows, shape)
      return scoreTiles(session, kernel, queries, rows, shape)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function scoreTiles(
  session: InferenceSession,
  kernel: ScoreKernel,
  queries: Int8Array,
  rows: Int8Array,
  shape: ScoreShape,
): Promise<Int32Array> {
  const { queryCount, rowCount, width } = shape
  const scores = new Int32Array(queryCount * rowCount)
  const tileRows = Math.max(1, Math.floor(tileBytes / width))
  for (let row = 0; row < rowCount; row += tileRows) {
    const lines = Math.min(tileRows, rowCount - row)
    const rowTile = bytesOf(rows, row * width, lines * width)
    const feeds = { rows: new Tensor('uint8', rowTile, [lines, width]) }
    for (let query = 0; query < queryCount; query += tileQueries) {
      const count = Math.min(tileQueries, queryCount - query)
      const codes = queries.subarray(query * width, (query + count) * width)
      const operand =
        kernel === 'signed'
          ? new Tensor('int8', codes, [count, width])
          : new Tensor('uint8', bytesOf(codes, 0, codes.length), [count, width])
      const result = await session.run({ ...feeds, queries: operand })
      const tile = result['scores']!.data as Int32Array
      for (let line = 0; line < count; line++) {
        const at = (query + line) * rowCount + row
        scores.set(tile.subarray(line * lines, (line + 1) * lines), at)
      }
    }
  }
  return scores
}

const bytesOf = (codes: Int8Array, from: number, length: number): Uint8Array =>
  new Uint8Array(codes.buffer, codes.byteOffset + from, length)

async function isExact(session: InferenceSession, kernel: ScoreKernel): Promise<boolean> {
  const width = 64
  const count = 16
  const largest = new Int8Array(count * width).fill(127)
  const shape = { queryCount: count, rowCount: count, width }
  const scores = await scoreTiles(session, kernel, largest, largest, shape)
  return scores.every((score) => score === width * 127 * 127)
}
