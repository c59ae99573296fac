import { randomBytes } from 'node:crypto'
import type { LocalAccount } from 'viem'
import type { z } from 'zod'
import { type CallRequest, outputHash, requestHash } from '../schema/codec/call-body.ts'
import { callFee } from '../schema/codec/call-fee.ts'
import { extendChain, type Voucher, voucherDomain, voucherTypes } from '../schema/codec/voucher.ts'
import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Provenance } from './answer-call.ts'
import {
  askGateway,
  gatewaySchemas,
  parseGatewayJson,
  readGatewayText,
  throwGatewayError,
} from './gateway-api.ts'
import type { LanePosition } from './lane.ts'
import { parseEventStream } from './parse-event-stream.ts'
import { readBody } from './read-body.ts'
import { encodeVoucherHeaders } from './voucher-header.ts'

type ModelOffer = z.infer<typeof gatewaySchemas.models>['data'][number]['provenant']

export interface AskOptions {
  /** As many as fit, at most 48, if left out. */
  readonly maxTokens?: number
  /** Gets the pieces of the answer as they come; asks for a stream. */
  readonly onText?: (text: string) => void
}

/** An answer whose output hash was checked. */
export interface PaidAnswer {
  /** Exactly as generated, with its leading space and newline. */
  readonly text: string
  readonly request: CallRequest
  readonly provenance: Provenance
}

/** Pays for calls: signs a voucher for each and keeps the position of every lane. */
export interface PayerClient {
  readonly payer: Hex
  /**
   * Asks one question; calls of one model wait for each other, because each voucher builds on the
   * last. A position or terms that the gateway sees otherwise are read again, once.
   *
   * @throws what the gateway answers, `GATEWAY_UNAVAILABLE`, `GATEWAY_INVALID`,
   * `ANSWER_MISMATCH`, `SPENDING_LIMIT_REACHED`.
   */
  ask(model: string, prompt: string, options?: AskOptions): Promise<PaidAnswer>
}

/**
 * Makes a client for one payer and gateway.
 *
 * @param options.payer Whose lane the calls are; the account then is a session key that this payer
 * set in the escrow. The account itself if left out.
 * @param options.spendingLimit Most that a lane's voucher may ever promise. A fresh client takes
 * the lane's position from the gateway, so this bounds what a dishonest one could get signed.
 */
export function createPayerClient(options: {
  readonly gatewayUrl: string
  readonly account: LocalAccount
  readonly payer?: Hex
  readonly spendingLimit?: bigint
  readonly randomBytes?: (size: number) => Uint8Array
}): PayerClient {
  const { account, spendingLimit } = options
  const base = options.gatewayUrl.replace(/\/+$/, '')
  const random = options.randomBytes ?? randomBytes
  const signer = account.address.toLowerCase() as Hex
  const payer = (options.payer?.toLowerCase() ?? signer) as Hex
  const offers = new Map<string, ModelOffer>()
  const positions = new Map<string, LanePosition>()
  const turns = new Map<string, Promise<unknown>>()

  async function offerOf(model: string): Promise<ModelOffer> {
    const name = model.split('@')[0] ?? model
    if (!offers.has(name)) {
      const url = `${base}/v1/models`
      const text = await readGatewayText(url, await askGateway(url))
      for (const { id, provenant } of parseGatewayJson(url, gatewaySchemas.models, text).data)
        offers.set(id, provenant)
    }
    const offer = offers.get(name)
    if (offer === undefined) throw new BaseError('UNKNOWN_MODEL', { facts: { model } })
    return offer
  }

  async function positionOf(model: string): Promise<LanePosition> {
    const known = positions.get(model)
    if (known !== undefined) return known
    const url = `${base}/v1/lanes/${payer}/${encodeURIComponent(model)}`
    const text = await readGatewayText(url, await askGateway(url))
    return parseGatewayJson(url, gatewaySchemas.lane, text)
  }

  async function sign(offer: ModelOffer, at: LanePosition, request: CallRequest) {
    const maxFee = callFee(offer, Buffer.byteLength(request.prompt), request.maxTokens)
    const voucher: Voucher = {
      payer,
      operator: offer.operator,
      modelId: offer.modelId,
      termsVersion: offer.termsVersion,
      calls: at.calls + 1n,
      cumulativeMaxFee: at.charged + maxFee,
      callsChain: extendChain(at.callsChain, requestHash(request)),
    }
    const { cumulativeMaxFee } = voucher
    if (spendingLimit !== undefined && cumulativeMaxFee > spendingLimit)
      throw new BaseError('SPENDING_LIMIT_REACHED', { facts: { cumulativeMaxFee, spendingLimit } })
    const signature = await account.signTypedData({
      domain: voucherDomain(offer.chainId, offer.ledger),
      types: voucherTypes,
      primaryType: 'Voucher',
      message: voucher,
    })
    return { voucher, signer, signature, nonce: request.nonce }
  }

  async function askOnce(model: string, prompt: string, how: AskOptions): Promise<PaidAnswer> {
    const offer = await offerOf(model)
    const room = offer.contextTokens - Buffer.byteLength(prompt)
    const maxTokens = how.maxTokens ?? Math.max(1, Math.min(48, room))
    const nonce: Hex = `0x${Buffer.from(random(32)).toString('hex')}`
    const request: CallRequest = { model, prompt, maxTokens, nonce }
    const at = await positionOf(model)
    const signed = await sign(offer, at, request)
    const provenance = await send(`${base}/v1/chat/completions`, signed, request, how.onText)
    const text = checkAnswer(request, provenance)
    positions.set(model, {
      calls: signed.voucher.calls,
      charged: at.charged + BigInt(provenance.fee),
      callsChain: signed.voucher.callsChain,
    })
    return { text, request, provenance }
  }

  async function askFresh(model: string, prompt: string, how: AskOptions): Promise<PaidAnswer> {
    try {
      return await askOnce(model, prompt, how)
    } catch (error) {
      const stale = ['TERMS_STALE', 'VOUCHER_REPLAYED', 'VOUCHER_OUT_OF_ORDER', 'VOUCHER_TOO_LOW']
      // Whatever went wrong, the gateway may have counted the call; it is asked before the next.
      positions.delete(model)
      if (!isErrorWithCode(error) || !stale.includes(error.code)) throw error
      offers.clear()
      return askOnce(model, prompt, how)
    }
  }

  return {
    payer,
    ask(model, prompt, how = {}) {
      const turn = (turns.get(model) ?? Promise.resolve()).then(() => askFresh(model, prompt, how))
      turns.set(
        model,
        turn.catch(() => {}),
      )
      return turn
    },
  }
}

async function send(
  url: string,
  signed: Parameters<typeof encodeVoucherHeaders>[0],
  { model, prompt, maxTokens }: CallRequest,
  onText: AskOptions['onText'],
): Promise<Provenance> {
  const response = await askGateway(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...encodeVoucherHeaders(signed) },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: prompt }],
      max_tokens: maxTokens,
      stream: onText !== undefined,
    }),
  })
  if (onText !== undefined) return readStream(url, response, onText)
  const text = await readGatewayText(url, response)
  return parseGatewayJson(url, gatewaySchemas.completion, text).provenant
}

async function readStream(
  url: string,
  response: Response,
  onText: (text: string) => void,
): Promise<Provenance> {
  let provenance: Provenance | undefined
  try {
    for await (const data of parseEventStream(readBody(response))) {
      const chunk = parseGatewayJson(url, gatewaySchemas.chunk, data)
      if (chunk.error !== undefined) throwGatewayError(url, data, response.status)
      for (const { delta } of chunk.choices ?? []) if (delta.content) onText(delta.content)
      provenance = chunk.provenant ?? provenance
    }
  } catch (cause) {
    if (isErrorWithCode(cause)) throw cause
    throw new BaseError('GATEWAY_UNAVAILABLE', { facts: { url }, cause })
  }
  if (provenance !== undefined) return provenance
  throw new BaseError('GATEWAY_UNAVAILABLE', { facts: { url, problem: 'the stream broke off' } })
}

function checkAnswer(request: CallRequest, provenance: Provenance): string {
  const { completionTokens } = provenance
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(completionTokens),
  )
  const expected = outputHash(request, { text, completionTokens })
  if (provenance.outputHash !== expected || provenance.requestHash !== requestHash(request))
    throw new BaseError('ANSWER_MISMATCH', {
      facts: { expected, actual: provenance.outputHash, requestHash: provenance.requestHash },
    })
  return text
}
