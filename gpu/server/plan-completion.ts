import { randomInt } from 'node:crypto'
import { BaseError } from '../../schema/errors.ts'
import type { DecodeEngine, GenerateRequest } from '../decode/decode-engine.ts'
import { encodeText, endToken } from '../models/byte-tokenizer.ts'
import type { ModelRegistry } from './model-registry.ts'
import type { ChatRequest, CompletionRequest } from './request-schemas.ts'

/** A checked request, ready to run. */
export interface CompletionPlan {
  /** The name that was asked for. */
  readonly model: string
  readonly request: GenerateRequest
  readonly stream: boolean
  readonly includeUsage: boolean
}

/**
 * Checks a request against the served models and the context.
 *
 * The prompt of a chat is the content of its last user message, because the models are trained on
 * single questions; the completion starts with the space after it.
 * Throws `UNKNOWN_MODEL`, `PROMPT_TOO_LONG`, `REQUEST_INVALID`, `TEXT_INVALID`.
 */
export function planCompletion(
  body: ChatRequest | CompletionRequest,
  registry: ModelRegistry,
  engine: DecodeEngine,
): CompletionPlan {
  const served = registry.find(body.model)
  const prompt = 'messages' in body ? chatPrompt(body) : completionPrompt(body)
  const tokens = typeof prompt === 'string' ? tokenize(prompt, engine.contextLength) : prompt
  if (tokens.length === 0) {
    throw new BaseError('REQUEST_INVALID', { facts: { reason: 'the prompt is empty' } })
  }
  if (tokens.length > engine.contextLength) throw tooLong(tokens.length, engine.contextLength)
  const stranger = tokens.find((token) => token >= engine.vocabularySize)
  if (stranger !== undefined) {
    throw new BaseError('REQUEST_INVALID', { facts: { field: 'prompt', token: stranger } })
  }
  const limit = ('messages' in body ? body.max_completion_tokens : undefined) ?? body.max_tokens
  return {
    model: body.model,
    request: {
      prompt: tokens,
      adapter: served.adapter,
      maxTokens: limit ?? engine.contextLength,
      stopToken: endToken,
      temperature: body.temperature ?? 0,
      seed: body.seed ?? randomInt(2 ** 32),
    },
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
  }
}

function chatPrompt({ messages }: ChatRequest): string {
  const last = messages.findLast((message) => message.role === 'user')
  if (last === undefined) {
    throw new BaseError('REQUEST_INVALID', {
      facts: { field: 'messages', reason: 'no message of the user' },
    })
  }
  const content = last.content ?? ''
  return typeof content === 'string' ? content : content.map((part) => part.text).join('')
}

const completionPrompt = ({ prompt }: CompletionRequest): string | readonly number[] => prompt

function tokenize(text: string, contextLength: number): readonly number[] {
  const length = Buffer.byteLength(text)
  if (length > contextLength) throw tooLong(length, contextLength)
  return Array.from(encodeText(text, contextLength))
}

const tooLong = (tokens: number, maxTokens: number): BaseError =>
  new BaseError('PROMPT_TOO_LONG', { facts: { tokens, maxTokens } })
