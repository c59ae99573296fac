import { z } from 'zod'
import { BaseError } from '../schema/errors.ts'

/** What the payer asked, without the nonce that makes it a `CallRequest`. */
export interface ChatRequest {
  readonly model: string
  readonly prompt: string
  readonly maxTokens: number
  readonly stream: boolean
}

const prompt = z
  .string()
  .min(1)
  .regex(/^[^\0\p{Cs}]*$/u, 'zero byte or lone surrogate')

const content = z.union([
  prompt,
  z
    .tuple([z.strictObject({ type: z.literal('text'), text: prompt })])
    .transform(([part]) => part.text),
])

const maxTokens = z.int().positive().max(65_536)

const bodySchema = z
  .strictObject({
    model: z.string().min(1).max(64),
    messages: z.tuple([z.strictObject({ role: z.literal('user'), content })], {
      error: 'exactly one message of the user',
    }),
    max_tokens: maxTokens.optional(),
    max_completion_tokens: maxTokens.optional(),
    stream: z.boolean().optional(),
    stream_options: z.strictObject({ include_usage: z.boolean().optional() }).optional(),
    temperature: z.literal(0).optional(),
    top_p: z.literal(1).optional(),
    n: z.literal(1).optional(),
    user: z.string().optional(),
  })
  .transform((body, context) => {
    const limit = body.max_completion_tokens ?? body.max_tokens
    if (limit === undefined || (body.max_tokens ?? limit) !== limit) {
      context.addIssue({ code: 'custom', path: ['max_tokens'], message: 'exactly one limit' })
      return z.NEVER
    }
    const [message] = body.messages
    return {
      model: body.model,
      prompt: message.content,
      maxTokens: limit,
      stream: body.stream ?? false,
    }
  })

/**
 * Reads the body of an OpenAI chat completion.
 *
 * Only what the request hash covers may shape the answer, so sampling parameters, system messages
 * and tools are refused instead of ignored.
 *
 * @throws `REQUEST_INVALID` with the field.
 */
export function parseChatRequest(text: string): ChatRequest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BaseError('REQUEST_INVALID', { facts: { problem: 'not JSON' } })
  }
  const parsed = bodySchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || undefined
  throw new BaseError('REQUEST_INVALID', { facts: { field, problem: issue?.message } })
}
