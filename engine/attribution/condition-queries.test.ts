import { afterAll, expect, test } from 'vitest'
import { gpuJsScores } from '../../gpu/scores/gpu-js-scores.ts'
import { onnxScores } from '../../gpu/scores/onnx-scores.ts'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import { conditionQueries } from './condition-queries.ts'
import { creditRows } from './credit-rows.ts'
import { directPreconditioner } from './direct-preconditioner.fixture.ts'
import { factoriseCholesky } from './factorise-cholesky.ts'
import { normalNumbers, quantiseRows } from './random-rows.fixture.ts'
import { solveCholesky } from './solve-cholesky.ts'

const backends = [
  referenceScores(),
  await onnxScores(),
  await gpuJsScores({ mode: 'webasm' }),
] as const
afterAll(async () => {
  for (const backend of backends) await backend.close()
})

/** (GᵀG / n + λI)⁻¹q with a k × k matrix in float64. */
function conditionDirectly(codes: Int8Array, width: number, lambda: number, query: Int8Array) {
  const rowCount = codes.length / width
  const fisher = new Float64Array(width * width)
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0
      for (let row = 0; row < rowCount; row++) {
        sum += codes[row * width + a]! * codes[row * width + b]!
      }
      fisher[a * width + b] = sum / rowCount + (a === b ? lambda : 0)
    }
  }
  factoriseCholesky(fisher, width)
  const solution = Float64Array.from(query)
  solveCholesky(fisher, width, solution)
  return quantiseRows(solution, width)
}

test.each([
  { rows: 30, width: 200 },
  { rows: 200, width: 60 },
])(
  'row space gives the direct solution for $rows rows of $width codes',
  async ({ rows, width }) => {
    const codes = quantiseRows(normalNumbers(rows * width, 1), width)
    const query = quantiseRows(normalNumbers(width, 2), width)
    const preconditioner = await directPreconditioner(codes, width, backends[0])
    const conditioned = await conditionQueries(query, preconditioner, backends[0])
    const direct = conditionDirectly(
      codes,
      width,
      Number(preconditioner.lambdaQ48) / 2 ** 48,
      query,
    )
    conditioned.forEach((code, j) => {
      expect(Math.abs(code - direct[j]!)).toBeLessThanOrEqual(1)
    })
  },
)

test('every backend gives the same query rows, scores and credit, bit for bit', async () => {
  const rows = 80
  const width = 1_100
  const count = 5
  const values = normalNumbers(rows * width, 3)
  const codes = quantiseRows(values, width)
  const queries = quantiseRows(
    normalNumbers(count * width, 4).map(
      (noise, i) => noise + 2 * values[(Math.floor(i / width) + 7) * width + (i % width)]!,
    ),
    width,
  )
  const outcomes = []
  for (const backend of backends) {
    const preconditioner = await directPreconditioner(codes, width, backend)
    const conditioned = await conditionQueries(queries, preconditioner, backend)
    const shape = { queryCount: count, rowCount: rows, width }
    const scores = await backend.score(conditioned, codes, shape)
    const credit = Array.from({ length: count }, (_, q) =>
      creditRows([scores.subarray(q * rows, (q + 1) * rows)]),
    )
    outcomes.push({ conditioned, scores, credit, lambdaQ48: preconditioner.lambdaQ48 })
  }
  expect(outcomes[0]!.credit.map((credit) => credit[0]?.position)).toEqual([7, 8, 9, 10, 11])
  expect(outcomes[1]).toEqual(outcomes[0])
  expect(outcomes[2]).toEqual(outcomes[0])
})

test('a query row does not depend on the queries beside it', async () => {
  const width = 300
  const codes = quantiseRows(normalNumbers(40 * width, 5), width)
  const queries = quantiseRows(normalNumbers(12 * width, 6), width)
  const preconditioner = await directPreconditioner(codes, width, backends[1])
  const together = await conditionQueries(queries, preconditioner, backends[1])
  for (let query = 0; query < 12; query++) {
    const part = [query * width, (query + 1) * width] as const
    const alone = await conditionQueries(queries.slice(...part), preconditioner, backends[1])
    expect(alone).toEqual(together.slice(...part))
  }
})

test('a zero query stays zero', async () => {
  const width = 64
  const codes = quantiseRows(normalNumbers(10 * width, 7), width)
  const preconditioner = await directPreconditioner(codes, width, backends[0])
  const conditioned = await conditionQueries(new Int8Array(width), preconditioner, backends[0])
  expect(conditioned.every((code) => code === 0)).toBe(true)
})
