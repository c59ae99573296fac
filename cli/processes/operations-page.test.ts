import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCodes } from '../../schema/error-codes.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

/** Files that name metrics, with what they put before each name. */
const sources = {
  '../../indexer/source/chains-metrics.ts': 'provenant_indexer_',
  '../../indexer/project/projector-metrics.ts': 'provenant_projector_',
  '../../engine/engine-metrics.ts': 'provenant_engine_',
  '../../api/api-metrics.ts': 'provenant_api_',
  '../../gateway/gateway-metrics.ts': '',
  '../../gpu/server/server-metrics.ts': '',
  './watch-log-database.ts': 'provenant_eventlog_',
} as const

test('every metric that the page names is served', () => {
  const known = new Set(
    Object.entries(sources).flatMap(([file, prefix]) => {
      const text = readFileSync(new URL(file, import.meta.url), 'utf8')
      return [...text.matchAll(/'([a-z_]+)'/g)].flatMap(([, name]) => [
        `${prefix}${name}`,
        `${name}`,
      ])
    }),
  )
  const named = [...page.matchAll(/provenant_\w+/g)].map(([name]) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

test('every error code that the page names exists', () => {
  const named = [...page.matchAll(/`([A-Z]{2,}(?:_[A-Z]+)+)`/g)].map(([, code]) => code ?? '')
  const codes = named.filter((name) => !name.startsWith('PROVENANT_'))
  expect(codes.length).toBeGreaterThan(5)
  expect(codes.filter((code) => !(code in errorCodes))).toEqual([])
})
