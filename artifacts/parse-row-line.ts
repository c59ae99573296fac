import { z } from 'zod'
import type { Row } from '../schema/codec/row.ts'
import { BaseError } from '../schema/errors.ts'

const text = z
  .string()
  .regex(/\S/, 'blank')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'control character or lone surrogate')

const uploadRow = z.strictObject({ question: text, answer: text })

/**
 * Reads one line of an upload: `{"question": "…", "answer": "…"}`, nothing else.
 *
 * @throws `ROWS_MALFORMED`, `ROWS_ENCODING_INVALID`; the facts name the line, never its text.
 */
export function parseRowLine(bytes: Uint8Array, line: number): Row {
  let decoded: string
  try {
    decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: line > 1 }).decode(bytes)
  } catch (cause) {
    throw new BaseError('ROWS_ENCODING_INVALID', { facts: { line }, cause })
  }
  let value: unknown
  try {
    value = JSON.parse(decoded)
  } catch {
    throw new BaseError('ROWS_MALFORMED', { facts: { line, problem: 'not JSON' } })
  }
  const parsed = uploadRow.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || undefined
  throw new BaseError('ROWS_MALFORMED', { facts: { line, field, problem: issue?.message } })
}
