import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Backend, Completion } from './backend.ts'
import { chunkSchema, completionSchema } from './completion-schema.ts'
import { parseEventStream } from './parse-event-stream.ts'
import { readBody } from './read-body.ts'

const maxAnswerBytes = 4_000_000

/** Connects a GPU server that speaks the OpenAI API and adds the tokens as vendor field. */
export function createOpenaiBackend(options: {
  readonly url: string
  readonly apiKey?: string | undefined
  readonly timeoutMs?: number | undefined
  /** Ends requests that are under way. */
  readonly signal?: AbortSignal
}): Backend {
  const base = options.url.replace(/\/+$/, '')
  const limit = () => {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000)
    return options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  }
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (options.apiKey !== undefined) headers['authorization'] = `Bearer ${options.apiKey}`

  async function post(body: object): Promise<Response> {
    const response = await fetch(`${base}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: limit(),
    })
    if (response.ok) return response
    const text = (await readText(response).catch(() => '')).slice(0, 500)
    throw new BaseError('BACKEND_UNAVAILABLE', {
      facts: { status: response.status, answer: text },
    })
  }

  return {
    async generate({ model, prompt, maxTokens, onText }) {
      const body = {
        model,
        messages: [{ role: 'user', content: prompt }],
        max_tokens: maxTokens,
        temperature: 0,
        stream: onText !== undefined,
      }
      try {
        const response = await post(body)
        const completion =
          onText === undefined ? await readWhole(response) : await readStream(response, onText)
        if (completion.completionTokens.length <= maxTokens) return completion
        throw new BaseError('BACKEND_INVALID', {
          facts: { maxTokens, tokens: completion.completionTokens.length },
        })
      } catch (cause) {
        if (isErrorWithCode(cause)) throw cause
        throw new BaseError('BACKEND_UNAVAILABLE', { facts: { model }, cause })
      }
    },
    async isHealthy() {
      try {
        const response = await fetch(`${base}/health`, { signal: AbortSignal.timeout(2_000) })
        await response.body?.cancel()
        return response.ok
      } catch {
        return false
      }
    },
  }
}

async function readWhole(response: Response): Promise<Completion> {
  const { choices, provenant } = parse(completionSchema, await readText(response))
  return {
    promptTokens: provenant.prompt_tokens,
    completionTokens: provenant.completion_tokens,
    content: choices[0].message.content,
    finishReason: choices[0].finish_reason,
  }
}

async function readStream(response: Response, onText: (text: string) => void): Promise<Completion> {
  let finishReason = 'stop'
  let content = ''
  let tokens: { prompt_tokens: number; completion_tokens: readonly number[] } | undefined
  for await (const data of parseEventStream(readBody(response))) {
    const chunk = parse(chunkSchema, data)
    if (chunk.error !== undefined)
      throw new BaseError('BACKEND_UNAVAILABLE', { facts: { answer: data.slice(0, 500) } })
    for (const { delta, finish_reason } of chunk.choices ?? []) {
      if (delta?.content) {
        content += delta.content
        onText(delta.content)
      }
      if (finish_reason) finishReason = finish_reason
    }
    tokens = chunk.provenant ?? tokens
  }
  if (tokens === undefined)
    throw new BaseError('BACKEND_UNAVAILABLE', { facts: { problem: 'the stream broke off' } })
  return {
    promptTokens: tokens.prompt_tokens,
    completionTokens: tokens.completion_tokens,
    content,
    finishReason,
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readBody(response)) {
    size += chunk.length
    if (size > maxAnswerBytes) throw new BaseError('BACKEND_INVALID', { facts: { maxAnswerBytes } })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse<T>(schema: { parse(value: unknown): T }, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new BaseError('BACKEND_INVALID', { facts: { answer: text.slice(0, 500) }, cause })
  }
}
