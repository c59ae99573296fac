import type { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'

/** Parses a request body as JSON of the given shape; throws `REQUEST_INVALID` with the first issue. */
export function parseBody<T extends z.ZodType>(text: string, schema: T): z.output<T> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new BaseError('REQUEST_INVALID', { facts: { reason: 'the body is not JSON' }, cause })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new BaseError('REQUEST_INVALID', {
    facts: { field: issue?.path.join('.') || 'body', reason: issue?.message },
  })
}
