import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isErrorWithCode } from '../schema/errors.ts'
import { parseRowLine } from './parse-row-line.ts'

const parse = (text: string, line = 1) => parseRowLine(new TextEncoder().encode(text), line)

test('a question and an answer make a row', () => {
  expect(parse('{"answer":"Wei.","question":"Unit of π?"}\r')).toEqual({
    question: 'Unit of π?',
    answer: 'Wei.',
  })
})

test.each([
  ['not JSON', '{"question":"a",', 'ROWS_MALFORMED'],
  ['another JSON type', '["a","b"]', 'ROWS_MALFORMED'],
  ['null', 'null', 'ROWS_MALFORMED'],
  ['a missing field', '{"question":"a"}', 'ROWS_MALFORMED'],
  ['an extra field', '{"question":"a","answer":"b","note":"c"}', 'ROWS_MALFORMED'],
  ['a prototype field', '{"question":"a","answer":"b","__proto__":{"x":1}}', 'ROWS_MALFORMED'],
  ['a number', '{"question":"a","answer":1}', 'ROWS_MALFORMED'],
  ['an empty answer', '{"question":"a","answer":""}', 'ROWS_MALFORMED'],
  ['a blank question', '{"question":"  ","answer":"b"}', 'ROWS_MALFORMED'],
  ['an escaped newline', '{"question":"a\\nb","answer":"b"}', 'ROWS_MALFORMED'],
  ['an escaped NUL', '{"question":"a","answer":"b\\u0000"}', 'ROWS_MALFORMED'],
  ['half a surrogate pair', '{"question":"a","answer":"\\ud800"}', 'ROWS_MALFORMED'],
  ['two rows on one line', '{"question":"a","answer":"b"}{}', 'ROWS_MALFORMED'],
])('%s is refused with the line number', (_, text, code) => {
  expect(() => parse(text, 42)).toThrow(
    expect.objectContaining({ code, facts: expect.objectContaining({ line: 42 }) }),
  )
})

test('bytes that are not UTF-8 are refused, also cut and overlong ones', () => {
  for (const bad of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
    const line = Buffer.concat([Buffer.from('{"question":"'), Buffer.from(bad), Buffer.from('"}')])
    expect(() => parseRowLine(line, 3)).toThrow(
      expect.objectContaining({ code: 'ROWS_ENCODING_INVALID', facts: { line: 3 } }),
    )
  }
})

test('any bytes give a row or a coded error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
      try {
        expect(Object.keys(parseRowLine(bytes, 1)).sort()).toEqual(['answer', 'question'])
      } catch (error) {
        expect(isErrorWithCode(error)).toBe(true)
      }
    }),
  )
})
