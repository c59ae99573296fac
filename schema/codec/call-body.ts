import { keccak256, toBytes } from 'viem'
import type { Hex } from '../events/event.ts'
import { canonicalJson } from './canonical-json.ts'

/** What the payer asked; `nonce` is 32 random bytes, so the hash says nothing about the prompt. */
export interface CallRequest {
  readonly model: string
  readonly prompt: string
  readonly maxTokens: number
  readonly nonce: Hex
}

/** What the operator answered: the text exactly as generated. */
export interface CallOutput {
  readonly text: string
  readonly completionTokens: readonly number[]
}

/** Body of a call as payer and operator keep it; nobody else can read it. */
export interface CallBody {
  readonly request: CallRequest
  readonly output: CallOutput
}

/** Hash of a request as the voucher chain and the ledger hold it. */
export const requestHash = (request: CallRequest): Hex =>
  keccak256(toBytes(canonicalJson({ ...request })))

/** Hash of an output, bound to its request. */
export const outputHash = (request: CallRequest, output: CallOutput): Hex =>
  keccak256(
    toBytes(
      canonicalJson({
        completionTokens: output.completionTokens,
        request: requestHash(request),
        text: output.text,
      }),
    ),
  )
