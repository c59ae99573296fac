import { text } from 'node:stream/consumers'
import { gpuJsScores } from './gpu-js-scores.ts'
import { randomCodes } from './random-codes.fixture.ts'

/** A program: reads shapes as JSON from stdin, writes the WebGPU scores of seeded codes to stdout. */
const shapes: { queryCount: number; rowCount: number; width: number }[] = JSON.parse(
  await text(process.stdin),
)
await using backend = await gpuJsScores({ mode: 'webgpu', tileQueries: 4, tileRows: 32 })
const scores: number[][] = []
for (const shape of shapes) {
  const queries = randomCodes(shape.queryCount * shape.width, 1)
  const rows = randomCodes(shape.rowCount * shape.width, 2)
  scores.push(Array.from(await backend.score(queries, rows, shape)))
}
process.stdout.write(JSON.stringify(scores))
