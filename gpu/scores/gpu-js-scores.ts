import { requestWebgpuAdapter } from '../device/request-webgpu-adapter.ts'
import { checkScoreOperands } from './check-score-operands.ts'
import type { ScoreBackend, ScoreShape } from './score-backend.ts'

/**
 * Inner dimension of one kernel call: an f32 sum of products of codes is exact while every partial
 * sum stays within 2²⁴, and 1024 · 128² is 2²⁴. Longer rows are summed as integers over chunks.
 */
const chunkWidth = 1024

// Source text, because bundlers and test runners rewrite functions and gpu.js compiles their text.
const dotProductKernel = `function (queries, rows) {
  let sum = 0
  for (let k = 0; k < this.constants.width; k++) {
    sum += queries[this.thread.y][k] * rows[this.thread.x][k]
  }
  return sum
}`

export interface GpuJsScoresOptions {
  /** `webgpu` needs a Vulkan driver; `webasm` and `cpu` run everywhere. */
  readonly mode: 'cpu' | 'webasm' | 'webgpu'
  /** Queries per kernel call. */
  readonly tileQueries?: number
  /** Rows per kernel call. */
  readonly tileRows?: number
}

/**
 * Creates the gpu.js score backend, exact although its kernels compute in f32.
 *
 * Throws `DEVICE_UNAVAILABLE` in mode `webgpu` without an adapter. In that mode this must be the
 * first use of gpu.js in the process.
 */
export async function gpuJsScores(options: GpuJsScoresOptions): Promise<ScoreBackend> {
  const { mode, tileQueries = 16, tileRows = 256 } = options
  if (mode === 'webgpu') await requestWebgpuAdapter()
  const { GPU, Input } = await import('gpu.js')
  const gpu = new GPU({ mode })
  // One padded tile shape for all operands: kernels are compiled per shape, and zeros add nothing.
  const kernel = gpu.createKernel(dotProductKernel, {
    output: [tileRows, tileQueries],
    constants: { width: chunkWidth },
    asyncMode: mode === 'webgpu',
  })
  // The typings name number arrays only; typed arrays are what gpu.js uploads without a copy.
  const tileInput = (tile: Float32Array, height: number) =>
    new Input(tile as unknown as number[], [chunkWidth, height])
  const queryTile = new Float32Array(tileQueries * chunkWidth)
  const rowTile = new Float32Array(tileRows * chunkWidth)
  let last: Promise<unknown> = Promise.resolve()
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= last.then(async () => void (await gpu.destroy()))
    return closed
  }

  const multiply = async (queries: Int8Array, rows: Int8Array, shape: ScoreShape) => {
    const { queryCount, rowCount, width } = shape
    const scores = new Int32Array(queryCount * rowCount)
    for (let k = 0; k < width; k += chunkWidth) {
      for (let row = 0; row < rowCount; row += tileRows) {
        copyTile(rows, rowTile, row, rowCount, k, width)
        for (let query = 0; query < queryCount; query += tileQueries) {
          copyTile(queries, queryTile, query, queryCount, k, width)
          const partial = (await kernel(
            tileInput(queryTile, tileQueries),
            tileInput(rowTile, tileRows),
          )) as Float32Array[]
          addTile(partial, scores, query, queryCount, row, rowCount)
        }
      }
    }
    return scores
  }

  return {
    name: `gpu.js/${mode}`,
    score(queries, rows, shape) {
      // The tiles are shared, so one product at a time.
      const result = last.then(() => {
        checkScoreOperands(queries, rows, shape)
        return multiply(queries, rows, shape)
      })
      last = result.catch(() => undefined)
      return result
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function copyTile(
  codes: Int8Array,
  tile: Float32Array,
  from: number,
  count: number,
  k: number,
  width: number,
): void {
  tile.fill(0)
  const columns = Math.min(chunkWidth, width - k)
  const lines = Math.min(tile.length / chunkWidth, count - from)
  for (let line = 0; line < lines; line++) {
    const start = (from + line) * width + k
    tile.set(codes.subarray(start, start + columns), line * chunkWidth)
  }
}

function addTile(
  partial: readonly Float32Array[],
  scores: Int32Array,
  query: number,
  queryCount: number,
  row: number,
  rowCount: number,
): void {
  for (let y = 0; y < partial.length && query + y < queryCount; y++) {
    const line = partial[y]!
    for (let x = 0; x < line.length && row + x < rowCount; x++) {
      scores[(query + y) * rowCount + row + x]! += line[x]!
    }
  }
}
