import { BaseError } from '../../schema/errors.ts'

/** Token that ends an answer: the newline. */
export const endToken = 10

const loneSurrogate = /\p{Surrogate}/u

/** Token that fills a row up to the length of its graph. */
export const padToken = 0

/**
 * Encodes a text as its UTF-8 bytes; a token id is a byte value.
 *
 * @throws TEXT_INVALID for a lone surrogate, the pad byte 0, or more than `maxTokens` bytes.
 */
export function encodeText(text: string, maxTokens: number): Uint8Array<ArrayBuffer> {
  if (text.length > maxTokens) {
    throw new BaseError('TEXT_INVALID', {
      facts: { reason: 'too long', characters: text.length, maxTokens },
    })
  }
  if (loneSurrogate.test(text) || text.includes('\0')) {
    throw new BaseError('TEXT_INVALID', { facts: { reason: 'lone surrogate or zero byte' } })
  }
  const tokens = new TextEncoder().encode(text)
  if (tokens.length > maxTokens) {
    throw new BaseError('TEXT_INVALID', {
      facts: { reason: 'too long', tokens: tokens.length, maxTokens },
    })
  }
  return tokens
}

/** Decodes tokens; bytes that are not UTF-8, as a model may emit, become U+FFFD. */
export function decodeTokens(tokens: Iterable<number>): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(tokens))
}

/** Decodes bytes from outside; throws TEXT_INVALID if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new BaseError('TEXT_INVALID', { facts: { reason: 'not UTF-8' }, cause })
  }
}
