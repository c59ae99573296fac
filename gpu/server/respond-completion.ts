import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { DecodeEngine } from '../decode/decode-engine.ts'
import type { CompletionFormat } from './completion-format.ts'
import { errorResponse } from './error-response.ts'
import type { CompletionPlan } from './plan-completion.ts'
import { type CompletionResult, runCompletion } from './run-completion.ts'
import type { ServerLogger } from './server-logger.ts'
import type { ServerMetrics } from './server-metrics.ts'

export interface RespondOptions {
  readonly engine: DecodeEngine
  readonly metrics: ServerMetrics
  readonly logger: ServerLogger
  readonly format: CompletionFormat
  readonly trimStart: boolean
}

/** Runs a plan and answers with one JSON body or a stream of server-sent events. */
export async function respondCompletion(
  context: Context,
  plan: CompletionPlan,
  options: RespondOptions,
): Promise<Response> {
  const { engine, metrics, format, trimStart } = options
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) / 1000
  const control = new AbortController()
  const request = context.req.raw.signal
  const abort = (): void => control.abort(request.reason)
  if (request.aborted) abort()
  request.addEventListener('abort', abort, { once: true })
  const pieces = runCompletion(engine, plan, {
    trimStart,
    signal: control.signal,
    onToken: (index) => {
      if (index === 0) metrics.firstToken.observe(elapsed())
    },
  })
  const head = {
    id: `${format.idPrefix}${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: plan.model,
  }
  // The first piece comes before the status line, so that a request that cannot run gets an error
  // status also when it asked for a stream.
  const first = await pieces.next()
  if (!plan.stream) {
    let text = ''
    let piece = first
    for (; piece.done !== true; piece = await pieces.next()) text += piece.value
    metrics.requestSeconds.observe(elapsed())
    const { usage, provenant } = piece.value
    const choices = [format.choice(text, piece.value)]
    return context.json({ ...head, object: format.object, choices, usage, provenant })
  }
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => control.abort())
    const chunk = { ...head, object: format.chunkObject }
    try {
      await writeStream(stream, chunk, plan, format, first, pieces)
      metrics.requestSeconds.observe(elapsed())
    } catch (error) {
      if (control.signal.aborted) return
      const { body } = errorResponse(error)
      options.logger.warn({ code: body.error.code, id: head.id }, 'stream failed')
      await stream.writeSSE({ data: JSON.stringify(body) })
    }
  })
}

async function writeStream(
  stream: SSEStreamingApi,
  chunk: object,
  plan: CompletionPlan,
  format: CompletionFormat,
  first: IteratorResult<string, CompletionResult>,
  pieces: AsyncGenerator<string, CompletionResult>,
): Promise<void> {
  const write = (fields: object): Promise<void> =>
    stream.writeSSE({ data: JSON.stringify({ ...chunk, ...fields }) })
  const opening = format.openingChoice()
  if (opening !== undefined) await write({ choices: [opening] })
  let piece = first
  for (; piece.done !== true; piece = await pieces.next()) {
    await write({ choices: [format.deltaChoice(piece.value)] })
  }
  const { usage, provenant } = piece.value
  await write({ choices: [format.closingChoice(piece.value)], provenant })
  if (plan.includeUsage) await write({ choices: [], usage, provenant })
  await stream.writeSSE({ data: '[DONE]' })
}
