import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { maxScoreWidth } from './check-score-operands.ts'
import { gpuJsScores } from './gpu-js-scores.ts'
import { gramMatrix } from './gram-matrix.ts'
import { matmulF32 } from './matmul-f32.ts'
import { onnxScores } from './onnx-scores.ts'
import { randomCodes } from './random-codes.fixture.ts'
import { referenceScores } from './reference-scores.ts'

const reference = referenceScores()
const backends = [
  await onnxScores({ threads: 1 }),
  await onnxScores({ threads: 2, kernel: 'signed' }),
  await onnxScores({ kernel: 'unsigned' }),
  await gpuJsScores({ mode: 'cpu', tileQueries: 4, tileRows: 32 }),
  await gpuJsScores({ mode: 'webasm', tileQueries: 4, tileRows: 32 }),
]

afterAll(async () => {
  await Promise.all(backends.map((backend) => backend.close()))
})

describe.each(backends.map((backend) => [backend.name, backend] as const))('%s', (_, backend) => {
  it('gives the same integers as the reference for any shape', async () => {
    const shapes = fc.record({
      queryCount: fc.integer({ min: 0, max: 6 }),
      rowCount: fc.integer({ min: 0, max: 70 }),
      width: fc.integer({ min: 1, max: 1300 }),
      seed: fc.nat(),
    })
    await fc.assert(
      fc.asyncProperty(shapes, async ({ seed, ...shape }) => {
        const queries = randomCodes(shape.queryCount * shape.width, seed)
        const rows = randomCodes(shape.rowCount * shape.width, seed + 1)
        const scores = await backend.score(queries, rows, shape)
        expect(scores).toEqual(await reference.score(queries, rows, shape))
      }),
      { numRuns: 12, seed: 7 },
    )
  })

  it.each([127, -127])('is exact when every code is an extreme (%i)', async (code) => {
    const shape = { queryCount: 3, rowCount: 5, width: 4099 }
    const queries = new Int8Array(shape.queryCount * shape.width).fill(127)
    const rows = new Int8Array(shape.rowCount * shape.width).fill(code)
    const scores = await backend.score(queries, rows, shape)
    expect(new Set(scores)).toEqual(new Set([shape.width * 127 * code]))
  })

  it('is exact at the largest width', async () => {
    const shape = { queryCount: 1, rowCount: 2, width: maxScoreWidth }
    const queries = new Int8Array(shape.width).fill(127)
    const rows = new Int8Array(2 * shape.width).fill(127)
    rows.fill(-127, shape.width)
    const scores = await backend.score(queries, rows, shape)
    expect(Array.from(scores)).toEqual([maxScoreWidth * 16_129, -maxScoreWidth * 16_129])
  })

  it('works on views into a larger buffer and leaves the operands unchanged', async () => {
    const shape = { queryCount: 2, rowCount: 3, width: 5 }
    const buffer = randomCodes(100, 3)
    const before = buffer.slice()
    const queries = buffer.subarray(7, 17)
    const rows = buffer.subarray(33, 48)
    const scores = await backend.score(queries, rows, shape)
    expect(scores).toEqual(await reference.score(queries, rows, shape))
    expect(buffer).toEqual(before)
  })

  it('keeps products apart that run at the same time', async () => {
    const shape = { queryCount: 5, rowCount: 40, width: 1100 }
    const operands = [1, 2, 3].map((seed) => ({
      queries: randomCodes(shape.queryCount * shape.width, seed),
      rows: randomCodes(shape.rowCount * shape.width, seed + 10),
    }))
    const scores = await Promise.all(
      operands.map(({ queries, rows }) => backend.score(queries, rows, shape)),
    )
    for (const [index, { queries, rows }] of operands.entries()) {
      expect(scores[index]).toEqual(await reference.score(queries, rows, shape))
    }
  })

  it.each([
    ['a query too short', { queryCount: 2, rowCount: 1, width: 4 }, 7, 4],
    ['a row too long', { queryCount: 1, rowCount: 1, width: 4 }, 4, 5],
    ['no width', { queryCount: 1, rowCount: 1, width: 0 }, 0, 0],
    [
      'too great a width',
      { queryCount: 1, rowCount: 0, width: maxScoreWidth + 1 },
      maxScoreWidth + 1,
      0,
    ],
  ])('refuses %s', async (_case, shape, queryCodes, rowCodes) => {
    const score = async () =>
      backend.score(new Int8Array(queryCodes), new Int8Array(rowCodes), shape)
    await expect(score()).rejects.toMatchObject({ code: 'SCORE_OPERANDS_INVALID' })
  })
})

it('computes the Gram matrix across bands of rows', async () => {
  const shape = { rowCount: 300, width: 33 }
  const rows = randomCodes(shape.rowCount * shape.width, 5)
  const expected = await reference.score(rows, rows, { queryCount: 300, ...shape })
  expect(await gramMatrix(backends[0]!, rows, shape)).toEqual(expected)
  expect(await gramMatrix(reference, rows, shape)).toEqual(expected)
})

describe('matmulF32', () => {
  const shape = { m: 3, k: 4, n: 2 }
  const a = Float32Array.from({ length: 12 }, (_, index) => index - 5)
  const b = Float32Array.from([1, -2, 3, 4, 0, 5, -6, 7])
  const transposed = Float32Array.from([1, 3, 0, -6, -2, 4, 5, 7])
  const expected = Array.from({ length: 6 }, (_, cell) =>
    [0, 1, 2, 3].reduce(
      (sum, k) => sum + a[Math.floor(cell / 2) * 4 + k]! * b[k * 2 + (cell % 2)]!,
      0,
    ),
  )

  it('multiplies by a matrix, a transposed matrix and int8 codes', async () => {
    await using matmul = matmulF32()
    const results = [
      await matmul.multiply(a, b, shape),
      await matmul.multiplyTransposed(a, transposed, shape),
      await matmul.multiply(a, Int8Array.from(b), shape),
      await matmul.multiplyTransposed(a, Int8Array.from(transposed), shape),
    ]
    for (const result of results) expect(Array.from(result)).toEqual(expected)
  })

  it('refuses operands that do not fit the shape', async () => {
    await using matmul = matmulF32()
    await expect(matmul.multiply(a, b.subarray(1), shape)).rejects.toMatchObject({
      code: 'SCORE_OPERANDS_INVALID',
    })
  })
})
