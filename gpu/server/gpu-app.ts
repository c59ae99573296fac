import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { routePath } from 'hono/route'
import { BaseError } from '../../schema/errors.ts'
import type { DecodeEngine } from '../decode/decode-engine.ts'
import { adapterPath } from './adapter-path.ts'
import { chatFormat, textFormat } from './completion-format.ts'
import { errorResponse } from './error-response.ts'
import type { ModelRegistry } from './model-registry.ts'
import { parseBody } from './parse-body.ts'
import { planCompletion } from './plan-completion.ts'
import {
  chatRequestSchema,
  completionRequestSchema,
  loadAdapterSchema,
  unloadAdapterSchema,
} from './request-schemas.ts'
import { respondCompletion } from './respond-completion.ts'
import type { ServerLogger } from './server-logger.ts'
import { createServerMetrics } from './server-metrics.ts'

const maxBodyBytes = 2 ** 20

export interface GpuAppOptions {
  readonly engine: DecodeEngine
  readonly models: ModelRegistry
  readonly logger: ServerLogger
  /** Adapters loaded over HTTP must lie in this directory; absent: anywhere. */
  readonly adapterRoot?: string
}

/**
 * Builds the routes: OpenAI's chat completions, completions and models, vLLM's loading and unloading
 * of adapters, health, readiness and metrics.
 */
export function createGpuApp(options: GpuAppOptions): Hono {
  const { engine, models, logger, adapterRoot } = options
  const app = new Hono()
  const metrics = createServerMetrics(engine, models)
  const common = { engine, metrics, logger }

  app.use(async (context, next) => {
    await next()
    const status = String(context.res.status)
    metrics.requests.inc({ route: routePath(context, -1), status })
  })
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new BaseError('REQUEST_INVALID', {
          facts: { field: 'body', maxBytes: maxBodyBytes },
        })
      },
    }),
  )
  app.onError((error, context) => {
    if (context.req.raw.signal.aborted) return context.body(null)
    const { status, body } = errorResponse(error)
    if (status === 500) logger.error({ err: error, path: context.req.path }, 'request failed')
    return context.json(body, status, status === 503 ? { 'retry-after': '1' } : {})
  })
  app.notFound((context) => {
    const { method, path } = context.req
    const { status, body } = errorResponse(
      new BaseError('ROUTE_UNKNOWN', { facts: { method, path } }),
    )
    return context.json(body, status)
  })

  app.post('/v1/chat/completions', async (context) => {
    const body = parseBody(await context.req.text(), chatRequestSchema)
    const plan = planCompletion(body, models, engine)
    return respondCompletion(context, plan, { ...common, format: chatFormat, trimStart: true })
  })
  app.post('/v1/completions', async (context) => {
    const body = parseBody(await context.req.text(), completionRequestSchema)
    const plan = planCompletion(body, models, engine)
    return respondCompletion(context, plan, { ...common, format: textFormat, trimStart: false })
  })
  app.get('/v1/models', (context) =>
    context.json({
      object: 'list',
      data: models.list().map((model) => ({
        id: model.name,
        object: 'model',
        created: model.created,
        owned_by: 'provenant',
        root: model.root,
        parent: model.adapter === null ? null : models.base.name,
        max_model_len: engine.contextLength,
      })),
    }),
  )
  app.post('/v1/load_lora_adapter', async (context) => {
    const body = parseBody(await context.req.text(), loadAdapterSchema)
    const path =
      adapterRoot === undefined ? body.lora_path : await adapterPath(body.lora_path, adapterRoot)
    const { root } = await models.load(body.lora_name, path)
    logger.info({ adapter: body.lora_name, root }, 'adapter loaded')
    return context.text(`Success: LoRA adapter '${body.lora_name}' added successfully.`)
  })
  app.post('/v1/unload_lora_adapter', async (context) => {
    const body = parseBody(await context.req.text(), unloadAdapterSchema)
    models.unload(body.lora_name)
    logger.info({ adapter: body.lora_name }, 'adapter unloaded')
    return context.text(`Success: LoRA adapter '${body.lora_name}' removed successfully.`)
  })
  app.get('/health', (context) =>
    context.json({ process: 'gpu', state: engine.ready ? 'running' : 'closing' }),
  )
  app.get('/ready', (context) => {
    if (!engine.ready) throw new BaseError('SERVER_CLOSING')
    return context.json({ process: 'gpu', ready: true })
  })
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  )
  return app
}
