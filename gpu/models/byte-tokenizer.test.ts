import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeTokens, decodeUtf8, encodeText } from './byte-tokenizer.ts'

describe('encodeText', () => {
  it('gives the UTF-8 bytes, and decodeTokens the text back', () => {
    const codePoint = fc
      .integer({ min: 1, max: 0x10ffff })
      .filter((value) => value < 0xd800 || value > 0xdfff)
    const text = fc.array(codePoint).map((points) => String.fromCodePoint(...points))
    fc.assert(
      fc.property(text, (value) => {
        const tokens = encodeText(value, 1000)
        expect(Buffer.from(value, 'utf8').equals(tokens)).toBe(true)
        expect(decodeTokens(tokens)).toBe(value)
      }),
    )
  })

  it('counts bytes, not characters, against the limit', () => {
    expect(encodeText('éé', 4)).toHaveLength(4)
    expect(() => encodeText('éé', 3)).toThrow(expect.objectContaining({ code: 'TEXT_INVALID' }))
  })

  it.each(['a\ud800b', '\udc00', 'a\0b'])('refuses %j', (text) => {
    expect(() => encodeText(text, 100)).toThrow(expect.objectContaining({ code: 'TEXT_INVALID' }))
  })
})

describe('decodeUtf8', () => {
  it('refuses bytes that are not UTF-8', () => {
    expect(decodeUtf8(Buffer.from('é'))).toBe('é')
    expect(() => decodeUtf8(Uint8Array.of(0xc3, 0x28))).toThrow(
      expect.objectContaining({ code: 'TEXT_INVALID' }),
    )
  })
})
