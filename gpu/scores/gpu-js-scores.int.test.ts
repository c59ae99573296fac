import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { unpackSwiftshader } from '../device/unpack-swiftshader.ts'
import { randomCodes } from './random-codes.fixture.ts'
import { referenceScores } from './reference-scores.ts'

const directory = await mkdtemp(join(tmpdir(), 'provenant-swiftshader-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

const installed = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('@sparticuz/chromium')
    return true
  } catch {
    process.stderr.write('NOT TESTED: WebGPU scores, @sparticuz/chromium is not installed\n')
    return false
  }
})()

it.skipIf(!installed)('gives the same integers on WebGPU as the reference', async () => {
  unpackSwiftshader(directory)
  const shapes = [
    { queryCount: 1, rowCount: 1, width: 1 },
    { queryCount: 3, rowCount: 5, width: 7 },
    { queryCount: 5, rowCount: 33, width: 1025 },
    { queryCount: 2, rowCount: 40, width: 2500 },
  ]
  const program = fileURLToPath(new URL('./webgpu-scores.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, LD_LIBRARY_PATH: directory },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(JSON.stringify(shapes))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(output, errors).not.toBe('')
  const scores: number[][] = JSON.parse(output)

  const reference = referenceScores()
  for (const [index, shape] of shapes.entries()) {
    const queries = randomCodes(shape.queryCount * shape.width, 1)
    const rows = randomCodes(shape.rowCount * shape.width, 2)
    const expected = await reference.score(queries, rows, shape)
    expect(scores[index]).toEqual(Array.from(expected))
  }
})
