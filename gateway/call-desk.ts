import { type CallRequest, requestHash } from '../schema/codec/call-body.ts'
import { callFee } from '../schema/codec/call-fee.ts'
import { extendChain, type Voucher } from '../schema/codec/voucher.ts'
import { BaseError } from '../schema/errors.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Funds } from './funds.ts'
import { type LaneId, laneKey } from './lane.ts'
import { forkedLane, type Lane, type LaneBook, laneHead } from './lane-book.ts'
import type { LaneQueue } from './lane-queue.ts'
import type { LedgerChain } from './ledger-chain.ts'
import type { ModelDirectory, ServedModel } from './model-directory.ts'
import type { SessionKeys } from './session-keys.ts'
import { curableReasons } from './skip-reasons.ts'
import { verifyVoucher } from './verify-voucher.ts'
import { decodeVoucherHeaders, type SignedVoucher } from './voucher-header.ts'

/** A call that passed every check and holds its lane and its money until `release`. */
export interface AdmittedCall {
  readonly model: ServedModel
  readonly request: CallRequest
  readonly signed: SignedVoucher
  readonly lane: Lane
  readonly promptBytes: number
  release(): void
}

/** Decides whether a call is served. */
export interface CallDesk {
  /**
   * @throws `UNKNOWN_MODEL`, `MODEL_NOT_READY`, `PROMPT_TOO_LONG`, `VOUCHER_MISSING`,
   * `VOUCHER_MALFORMED`, `TERMS_STALE`, `VOUCHER_WRONG_OPERATOR`, `VOUCHER_BAD_SIGNATURE`,
   * `VOUCHER_KEY_UNKNOWN`, `VOUCHER_KEY_EXPIRED`, `VOUCHER_KEY_OVER_CAP`,
   * `LANE_BUSY`, `LANE_BLOCKED`, `VOUCHER_REPLAYED`, `VOUCHER_OUT_OF_ORDER`, `VOUCHER_TOO_LOW`,
   * `ESCROW_UNDERFUNDED`, `NODE_UNAVAILABLE`.
   */
  admit(chat: ChatRequest, header: (name: string) => string | undefined): Promise<AdmittedCall>
}

/** Opens the desk; nothing is remembered of a call that is refused. */
export function createCallDesk(options: {
  readonly models: Pick<ModelDirectory, 'find'>
  readonly chain: LedgerChain
  readonly lanes: LaneBook
  readonly queue: LaneQueue
  readonly funds: Funds
  readonly sessionKeys: SessionKeys
  /** Most tokens of prompt and answer together. */
  readonly contextTokens: number
}): CallDesk {
  const { models, chain, lanes, queue, funds, sessionKeys } = options

  async function holdMoney(
    lane: Lane,
    model: ServedModel,
    request: CallRequest,
    { voucher, signer }: SignedVoucher,
  ): Promise<{ release(): void }> {
    checkPosition(lane, voucher, request)
    const maxFee = callFee(model, Buffer.byteLength(request.prompt), request.maxTokens)
    const needed = laneHead(lane).charged + maxFee
    if (voucher.cumulativeMaxFee < needed)
      throw new BaseError('VOUCHER_TOO_LOW', {
        facts: { cumulativeMaxFee: voucher.cumulativeMaxFee, needed },
      })
    const key = await sessionKeys.reserve(lane, signer, maxFee)
    try {
      const money = await funds.reserve(voucher.payer, maxFee)
      return {
        release() {
          money.release()
          key.release()
        },
      }
    } catch (error) {
      key.release()
      throw error
    }
  }

  return {
    async admit(chat, header) {
      const model = models.find(chat.model)
      const promptBytes = Buffer.byteLength(chat.prompt)
      checkLength(promptBytes, chat.maxTokens, options.contextTokens)
      const signed = decodeVoucherHeaders(header)
      const { voucher, nonce } = signed
      checkTerms(model, voucher)
      await verifyVoucher(chain, signed)
      const { prompt, maxTokens } = chat
      const request = { model: chat.model, prompt, maxTokens, nonce }
      const { payer, modelId, termsVersion } = voucher
      const id: LaneId = { payer, modelId, termsVersion }
      const leave = await queue.enter(laneKey(id))
      try {
        const lane = await lanes.open(id)
        const held = await holdMoney(lane, model, request, signed)
        const release = () => {
          held.release()
          leave()
        }
        return { model, request, signed, lane, promptBytes, release }
      } catch (error) {
        lanes.forgetUnused(id)
        leave()
        throw error
      }
    },
  }
}

function checkLength(promptBytes: number, maxTokens: number, contextTokens: number): void {
  if (promptBytes + maxTokens > contextTokens)
    throw new BaseError('PROMPT_TOO_LONG', { facts: { promptBytes, maxTokens, contextTokens } })
}

function checkTerms(model: ServedModel, voucher: Voucher): void {
  const { modelId, termsVersion } = voucher
  if (modelId === model.modelId && termsVersion === model.termsVersion) return
  throw new BaseError('TERMS_STALE', {
    facts: {
      modelId: model.modelId,
      termsVersion: model.termsVersion,
      voucherModelId: modelId,
      voucherTermsVersion: termsVersion,
    },
  })
}

function checkPosition(lane: Lane, voucher: Voucher, request: CallRequest): void {
  const { skipReason } = lane
  // Money can still arrive and a key be renewed; the other reasons are about what is already signed.
  if (skipReason !== undefined && !curableReasons.has(skipReason))
    throw new BaseError('LANE_BLOCKED', {
      facts: { reason: skipReason === forkedLane ? 'forked' : skipReason },
    })
  const head = laneHead(lane)
  const expected = head.calls + 1n
  const facts = { expectedCalls: expected, lastChain: head.callsChain, calls: voucher.calls }
  if (voucher.calls < expected) throw new BaseError('VOUCHER_REPLAYED', { facts })
  if (
    voucher.calls > expected ||
    voucher.callsChain !== extendChain(head.callsChain, requestHash(request))
  )
    throw new BaseError('VOUCHER_OUT_OF_ORDER', { facts })
}
