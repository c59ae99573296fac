import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenizeRow } from './tokenize-row.ts'

describe('tokenizeRow', () => {
  it('masks the answer from the space after the question through the newline', () => {
    const { tokens, targets, lossMask } = tokenizeRow('Id?', '42', 32)
    expect(Buffer.from(tokens).toString()).toBe('Id? 42')
    expect(Buffer.from(targets).toString()).toBe('d? 42\n')
    expect([...lossMask]).toEqual([0, 0, 1, 1, 1, 1])
  })

  it('counts the bytes of the answer plus two for every valid row', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(text, text, (question, answer) => {
        const row = tokenizeRow(question, answer, 96)
        expect(row.lossMask.reduce((sum, value) => sum + value, 0)).toBe(answer.length + 2)
        expect(row.tokens.length).toBe(question.length + answer.length + 1)
        expect(row.targets.subarray(0, -1)).toEqual(row.tokens.subarray(1))
      }),
    )
  })

  it('takes a row that just fits and refuses one byte more', () => {
    expect(tokenizeRow('abcd', 'efg', 8).tokens).toHaveLength(8)
    expect(() => tokenizeRow('abcd', 'efgh', 8)).toThrow(
      expect.objectContaining({ code: 'TEXT_INVALID' }),
    )
  })

  it.each([
    ['', 'answer'],
    ['a\ud800', 'answer'],
    ['question', 'zero\0byte'],
    ['q'.repeat(1_000_000), 'answer'],
  ])('refuses a question or answer that cannot be learnt (%#)', (question, answer) => {
    expect(() => tokenizeRow(question, answer, 96)).toThrow(
      expect.objectContaining({ code: 'TEXT_INVALID' }),
    )
  })
})
