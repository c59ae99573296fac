import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCodes } from './error-codes.ts'
import { BaseError, isErrorWithCode } from './errors.ts'
import { renderErrorDocs } from './render-error-docs.ts'

test('an error prints sentence, facts and docs link', () => {
  const error = new BaseError('WRONG_CHAIN_ID', { facts: { expected: 10, actual: 1n } })
  expect(error.message).toMatchInlineSnapshot(`
    "The node serves another chain than the one configured.
      expected: 10
      actual: 1
      docs: docs/errors.md#wrong_chain_id"
  `)
  expect(error.exitCode).toBe(3)
  expect(error.retryable).toBe(false)
  expect(isErrorWithCode(JSON.parse(JSON.stringify(error)), 'WRONG_CHAIN_ID')).toBe(true)
})

test('docs/errors.md lists exactly the codes of the table', () => {
  const path = new URL('../docs/errors.md', import.meta.url)
  expect(readFileSync(path, 'utf8'), 'run: npm run docs:errors').toBe(renderErrorDocs())
})

test('codes are sorted and every sentence is one sentence', () => {
  const codes = Object.keys(errorCodes)
  expect(codes).toEqual([...codes].sort())
  for (const { sentence, remedy } of Object.values(errorCodes)) {
    expect(sentence).toMatch(/^[A-Z][^\n]*\.$/)
    expect(remedy.length).toBeGreaterThan(20)
  }
})
