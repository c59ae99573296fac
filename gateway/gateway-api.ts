import { z } from 'zod'
import { type ErrorCode, errorCodes } from '../schema/error-codes.ts'
import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`))
    .transform((text) => text as Hex)
const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/)

const modelsSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      provenant: z.looseObject({
        modelId: z.int(),
        version: z.int(),
        termsVersion: z.int(),
        pricePer1kIn: decimal,
        pricePer1kOut: decimal,
        contextTokens: z.int(),
        chainId: z.int(),
        ledger: hex(20),
        operator: hex(20),
      }),
    }),
  ),
})

const laneSchema = z.looseObject({
  calls: decimal.transform(BigInt),
  charged: decimal.transform(BigInt),
  callsChain: hex(32),
})

const provenanceSchema = z.looseObject({
  callPosition: decimal,
  requestHash: hex(32),
  outputHash: hex(32),
  fee: decimal,
  tokensIn: z.int().nonnegative(),
  tokensOut: z.int().nonnegative(),
  modelId: z.int(),
  modelVersion: z.int(),
  termsVersion: z.int(),
  completionTokens: z.array(z.int().min(0).max(255)),
  citations: z.array(
    z.looseObject({
      rowId: z.string(),
      contributor: hex(20),
      question: z.string(),
      answer: z.string(),
      scoreMicros: z.int(),
    }),
  ),
})

/** Parts of the gateway's answers that a payer's client relies on. */
export const gatewaySchemas = {
  models: modelsSchema,
  lane: laneSchema,
  completion: z.looseObject({ provenant: provenanceSchema }),
  chunk: z.looseObject({
    choices: z
      .array(z.looseObject({ delta: z.looseObject({ content: z.string().optional() }) }))
      .optional(),
    provenant: provenanceSchema.optional(),
    error: z.unknown(),
  }),
} as const

const errorSchema = z.looseObject({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  facts: z.record(z.string(), z.string()),
})

/**
 * Asks a gateway and throws its error as ours.
 *
 * @throws `GATEWAY_UNAVAILABLE`, `GATEWAY_INVALID`, or the code that the gateway answered.
 */
export async function askGateway(url: string, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    throw new BaseError('GATEWAY_UNAVAILABLE', { facts: { url }, cause })
  }
  if (response.ok) return response
  const text = await readGatewayText(url, response)
  throwGatewayError(url, text, response.status)
}

/** Throws the error that a body holds; anything else is no gateway. */
export function throwGatewayError(url: string, text: string, status: number): never {
  const error = z.looseObject({ error: errorSchema }).safeParse(parseJson(text)).data?.error
  if (error !== undefined) throw new BaseError(error.code, { facts: error.facts })
  throw new BaseError('GATEWAY_INVALID', { facts: { url, status, answer: text.slice(0, 200) } })
}

/** Reads a body to its end. @throws `GATEWAY_UNAVAILABLE` when it breaks off. */
export async function readGatewayText(url: string, response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (cause) {
    throw new BaseError('GATEWAY_UNAVAILABLE', { facts: { url }, cause })
  }
}

/** Checks a body against its schema. @throws `GATEWAY_INVALID`. */
export function parseGatewayJson<T>(url: string, schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  if (isErrorWithCode(parsed.error)) throw parsed.error
  throw new BaseError('GATEWAY_INVALID', {
    facts: { url, field: parsed.error.issues[0]?.path.join('.') },
    cause: parsed.error,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
