import { expect, test } from 'vitest'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import { conditionQueries } from './condition-queries.ts'
import { creditRows } from './credit-rows.ts'
import { directPreconditioner } from './direct-preconditioner.fixture.ts'
import { disjointSets } from './disjoint-sets.ts'
import { gatherRows } from './gather-rows.ts'
import { mergeSimilarTexts } from './merge-similar-texts.ts'
import { numberClusters } from './number-clusters.ts'
import { normalNumbers, quantiseRows } from './random-rows.fixture.ts'

const width = 128
const facts = 90
const owners = 9
const backend = referenceScores()
const values = normalNumbers(facts * width, 11)
const noise = normalNumbers(facts * width, 12)
// A query asks for one fact and touches its neighbours a little.
const queries = quantiseRows(
  values.map(
    (value, i) => value + 0.5 * noise[i]! + 0.2 * (values[(i + width) % values.length] ?? 0),
  ),
  width,
)

/** Share of all credit over all queries per owner when `copies` rows of owner 0 are added. */
async function creditShares(copies: number, owner: number): Promise<readonly number[]> {
  const rows = [...Array(facts).keys(), ...Array.from({ length: copies }, (_, i) => i % 3)]
  const ownerOf = rows.map((fact, row) => (row < facts ? fact % owners : owner))
  const texts = rows.map((fact, row) =>
    row < facts ? `fact ${fact} ?` : `FACT  ${fact} ${row % 2 === 0 ? '?' : ' ?'}`,
  )
  const sets = disjointSets(rows.length)
  mergeSimilarTexts(texts, sets)
  const { representatives } = numberClusters(
    sets,
    rows.map((_, row) => row),
  )
  const all = new Float64Array(rows.length * width)
  rows.forEach((fact, row) => {
    all.set(values.subarray(fact * width, (fact + 1) * width), row * width)
  })
  const codes = gatherRows(quantiseRows(all, width), representatives, width)
  const preconditioner = await directPreconditioner(codes, width, backend)
  const conditioned = await conditionQueries(queries, preconditioner, backend)
  const rowCount = representatives.length
  const scores = await backend.score(conditioned, codes, { queryCount: facts, rowCount, width })
  const credit = new Array<number>(owners + 1).fill(0)
  for (let query = 0; query < facts; query++) {
    const line = scores.subarray(query * rowCount, (query + 1) * rowCount)
    const paid = creditRows([line])
    const total = paid.reduce((sum, row) => sum + row.scoreQ16, 0)
    for (const { position, scoreQ16 } of paid) {
      credit[ownerOf[representatives[position]!]!]! += scoreQ16 / total
    }
  }
  return credit.map((amount) => amount / facts)
}

test('copying rows ten times raises nobody’s credit by more than a tenth', async () => {
  const before = await creditShares(0, 0)
  const own = await creditShares(30, 0)
  const stranger = await creditShares(30, owners)
  expect(before[0]).toBeGreaterThan(0.05)
  expect(own[0]! / before[0]!).toBeLessThan(1.1)
  expect(stranger[owners]).toBe(0)
  expect(stranger[0]! / before[0]!).toBeGreaterThan(0.9)
})
