import type { CallVault } from '../artifacts/create-call-vault.ts'
import { outputHash, requestHash } from '../schema/codec/call-body.ts'
import { callFee } from '../schema/codec/call-fee.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Backend, Completion } from './backend.ts'
import type { AdmittedCall } from './call-desk.ts'
import type { Journal } from './journal.ts'
import type { AcceptedCall } from './lane.ts'
import type { Logger } from './logger.ts'
import type { Retrieval, RetrievedRow } from './retrieval.ts'

/** What a payer learns about a call beside its text. */
export interface Provenance {
  /** Position in the lane, from 1. */
  readonly callPosition: string
  readonly requestHash: Hex
  readonly outputHash: Hex
  /** Base units as decimal. */
  readonly fee: string
  readonly tokensIn: number
  readonly tokensOut: number
  readonly modelId: number
  readonly modelVersion: number
  readonly termsVersion: number
  /** Exact tokens of the answer, so that the payer can check the output hash. */
  readonly completionTokens: readonly number[]
  readonly citations: readonly RetrievedRow[]
}

/** A call that is answered, durable and will be charged. */
export interface Answer {
  readonly content: string
  readonly finishReason: string
  readonly createdAt: number
  readonly provenance: Provenance
}

/** What answering a call needs. */
export interface AnswerServices {
  readonly backend: Backend
  readonly retrieval: Retrieval
  readonly callVault: Pick<CallVault, 'put'>
  readonly journal: Pick<Journal, 'append'>
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  readonly logger: Logger
}

const maxCitations = 3

/**
 * Answers an admitted call and makes it durable; only then it counts and the lane moves.
 *
 * A failure before that leaves lane and money as they were, so the payer may sign the position
 * again. The admission is released in any case.
 *
 * @throws `BACKEND_UNAVAILABLE`, `BACKEND_INVALID`.
 */
export async function answerCall(
  services: AnswerServices,
  admitted: AdmittedCall,
  onText?: (text: string) => void,
): Promise<Answer> {
  try {
    const [completion, citations] = await Promise.all([
      services.backend.generate({
        model: `${admitted.model.name}@${admitted.model.version}`,
        prompt: admitted.request.prompt,
        maxTokens: admitted.request.maxTokens,
        onText,
      }),
      retrieve(services, admitted),
    ])
    return await accept(services, admitted, completion, citations)
  } finally {
    admitted.release()
  }
}

async function accept(
  services: AnswerServices,
  { lane, model, request, signed, promptBytes }: AdmittedCall,
  completion: Completion,
  citations: readonly RetrievedRow[],
): Promise<Answer> {
  const { completionTokens, finishReason } = completion
  const text = decodeTokens(completionTokens)
  const output = { text, completionTokens }
  // The voucher covers the bytes of the prompt; a server that counts more is not paid more.
  const tokensIn = Math.min(completion.promptTokens, promptBytes)
  const tokensOut = completionTokens.length
  const { payer, modelId, termsVersion, calls } = signed.voucher
  const accepted: AcceptedCall = {
    call: {
      payer,
      modelId,
      modelVersion: model.version,
      termsVersion,
      fee: callFee(model, tokensIn, tokensOut),
      tokensIn,
      tokensOut,
      calledAt: services.nowSeconds(),
      requestHash: requestHash(request),
      outputHash: outputHash(request, output),
    },
    citations: citations.map(({ rowId, scoreMicros }) => ({ rowId, scoreMicros })),
    voucher: signed.voucher,
    signer: signed.signer,
    signature: signed.signature,
  }
  await services.callVault.put({ request, output })
  await services.journal.append(accepted)
  lane.pending = [...lane.pending, accepted]
  const { call } = accepted
  return {
    content: completion.content,
    finishReason,
    createdAt: call.calledAt,
    provenance: {
      callPosition: String(calls),
      requestHash: call.requestHash,
      outputHash: call.outputHash,
      fee: String(call.fee),
      tokensIn,
      tokensOut,
      modelId,
      modelVersion: model.version,
      termsVersion,
      completionTokens,
      citations,
    },
  }
}

async function retrieve(
  { retrieval, logger }: AnswerServices,
  { model, request }: AdmittedCall,
): Promise<readonly RetrievedRow[]> {
  try {
    return await retrieval.search(model, request.prompt, maxCitations)
  } catch (error) {
    logger.error({ error, model: model.name }, 'no citations')
    return []
  }
}

const decodeTokens = (tokens: readonly number[]): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(tokens))
