import { BaseError } from '../../schema/errors.ts'
import { encodeText } from '../models/byte-tokenizer.ts'
import type { TokenizedExample } from './tokenized-example.ts'

const encoder = new TextEncoder()

/**
 * Tokenises a row as `question + ' ' + answer + '\n'`.
 *
 * The loss counts the answer: from the space after the question through the newline.
 *
 * @param maxTokens longest number of positions, which is one less than the bytes of the text
 * @throws TEXT_INVALID if the row is too long, has an empty question, or is not valid Unicode
 */
export function tokenizeRow(question: string, answer: string, maxTokens: number): TokenizedExample {
  const questionLength = encoder.encode(question).length
  if (questionLength === 0) {
    throw new BaseError('TEXT_INVALID', { facts: { reason: 'empty question' } })
  }
  const text = encodeText(`${question} ${answer}\n`, maxTokens + 1)
  return {
    tokens: text.slice(0, -1),
    targets: text.slice(1),
    lossMask: Uint8Array.from({ length: text.length - 1 }, (_, t) =>
      t + 1 >= questionLength ? 1 : 0,
    ),
  }
}
