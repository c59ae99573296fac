import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { CallVault } from '../artifacts/create-call-vault.ts'
import { requestHash } from '../schema/codec/call-body.ts'
import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Answer } from './answer-call.ts'
import type { AdmittedCall, CallDesk } from './call-desk.ts'
import { parseChatRequest } from './chat-request.ts'
import { describeModels } from './describe-models.ts'
import { describeError } from './error-response.ts'
import type { GatewayMetrics } from './gateway-metrics.ts'
import { type LaneBook, laneHead } from './lane-book.ts'
import type { LedgerChain } from './ledger-chain.ts'
import type { Logger } from './logger.ts'
import type { ModelDirectory } from './model-directory.ts'
import { renderCompletion } from './render-completion.ts'
import { streamAnswer } from './stream-answer.ts'
import { voucherHeaders } from './voucher-header.ts'

/** What the routes need. */
export interface AppServices {
  readonly models: ModelDirectory
  readonly chain: LedgerChain
  readonly lanes: LaneBook
  readonly desk: CallDesk
  readonly answer: (call: AdmittedCall, onText?: (text: string) => void) => Promise<Answer>
  readonly callVault: Pick<CallVault, 'get'>
  readonly metrics: GatewayMetrics
  readonly logger: Logger
  readonly nowSeconds: () => number
  readonly contextTokens: number
  /** Names of what is not ready; empty if all is well. */
  readonly checkReady: () => Promise<readonly string[]>
}

const maxBodyBytes = 65_536

/** Builds the HTTP interface of the gateway. */
export function createApp(services: AppServices): Hono {
  const { models, chain, lanes, metrics, logger } = services
  const app = new Hono()

  app.onError((error, context) => {
    if (!isErrorWithCode(error))
      logger.error({ err: error, path: context.req.path }, 'request failed')
    const { status, body } = describeError(error)
    return context.json(body, status as ContentfulStatusCode)
  })
  app.notFound((context) =>
    context.json(
      describeError(new BaseError('REQUEST_INVALID', { facts: { path: context.req.path } })).body,
      404,
    ),
  )

  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new BaseError('REQUEST_TOO_LARGE', { facts: { maxBodyBytes } })
    },
  })
  app.post('/v1/chat/completions', limit, async (context) => {
    const startedAt = performance.now()
    let model = ''
    const count = (outcome: string) =>
      metrics.countCall(model, outcome, (performance.now() - startedAt) / 1000)
    try {
      const chat = parseChatRequest(await context.req.text())
      const call = await services.desk.admit(chat, (name) => context.req.header(name))
      model = call.model.name
      const run = async (onText?: (text: string) => void) => {
        const answer = await services.answer(call, onText)
        count('answered')
        return answer
      }
      if (!chat.stream) return context.json(renderCompletion(chat.model, await run()))
      const id = `chatcmpl-${requestHash(call.request).slice(2)}`
      return await streamAnswer({ id, created: services.nowSeconds(), model: chat.model }, run)
    } catch (error) {
      count(isErrorWithCode(error) ? error.code : 'INTERNAL')
      throw error
    }
  })

  app.get('/v1/models', (context) =>
    context.json({
      object: 'list',
      data: describeModels(models.list(), chain, services.contextTokens),
    }),
  )

  app.get('/v1/lanes/:payer/:model', async (context) => {
    const payer = context.req.param('payer').toLowerCase() as Hex
    if (!/^0x[0-9a-f]{40}$/.test(payer))
      throw new BaseError('REQUEST_INVALID', { facts: { field: 'payer' } })
    const { modelId, termsVersion } = models.find(context.req.param('model'))
    const id = { payer, modelId, termsVersion }
    const lane = await lanes.look(id)
    const { calls, charged, callsChain } = laneHead(lane)
    const settledCalls = String(lane.settled.calls)
    return context.json({
      ...id,
      operator: chain.operator,
      calls: String(calls),
      charged: String(charged),
      callsChain,
      settledCalls,
    })
  })

  app.get('/v1/calls/:requestHash', async (context) => {
    const hash = context.req.param('requestHash') as Hex
    const nonce = context.req.header(voucherHeaders.nonce)
    const body = await services.callVault.get(hash).catch((error) => {
      if (isErrorWithCode(error, 'CALL_BODY_MISSING') || isErrorWithCode(error, 'HASH_INVALID'))
        return undefined
      throw error
    })
    // Hashes are public on the chain; the nonce is known to payer and operator alone.
    if (body === undefined || nonce?.toLowerCase() !== body.request.nonce)
      throw new BaseError('CALL_UNKNOWN', { facts: { requestHash: hash } })
    return context.json(body)
  })

  app.get('/health', (context) => context.json({ process: 'gateway', state: 'running' }))
  app.get('/ready', async (context) => {
    const missing = await services.checkReady()
    return context.json(
      { process: 'gateway', ready: missing.length === 0, missing },
      missing.length === 0 ? 200 : 503,
    )
  })
  app.get('/metrics', async (context) =>
    context.text(await metrics.render(), 200, { 'content-type': metrics.contentType }),
  )
  return app
}
