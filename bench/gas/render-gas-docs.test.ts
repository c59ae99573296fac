import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderGasDocs } from './render-gas-docs.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

test('the page shows the committed result', () => {
  const result: unknown = JSON.parse(read('bench/results/gas.json'))
  expect(renderGasDocs(result)).toBe(read('docs/contracts/gas.md'))
})

test('a goal that was missed is shown as missed', () => {
  const result = JSON.parse(read('bench/results/gas.json')) as { goals: { met: boolean }[] }
  for (const goal of result.goals) goal.met = false
  expect(renderGasDocs(result).match(/\| missed \|/g)).toHaveLength(result.goals.length)
})
