import { z } from 'zod'
import { canonicalJson } from '../schema/codec/canonical-json.ts'
import type { Voucher } from '../schema/codec/voucher.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'

const lowerHex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`), `not ${bytes} bytes of hex`)
    .transform((text) => text.toLowerCase() as Hex)

const decimal = (bits: bigint) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,38})$/, 'not a decimal')
    .transform(BigInt)
    .refine((value) => value < 1n << bits, `does not fit ${bits} bits`)

const voucherSchema = z.strictObject({
  payer: lowerHex(20),
  operator: lowerHex(20),
  modelId: z
    .int()
    .nonnegative()
    .lt(2 ** 32),
  termsVersion: z
    .int()
    .nonnegative()
    .lt(2 ** 16),
  calls: decimal(64n),
  cumulativeMaxFee: decimal(128n),
  callsChain: lowerHex(32),
})

const signatureSchema = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2}){1,1024}$/)
  .transform((text) => text.toLowerCase() as Hex)

/** Voucher, signer, signature and nonce as they travel beside a request. */
export interface SignedVoucher {
  readonly voucher: Voucher
  /** The payer, or a session key that the payer set in the escrow. */
  readonly signer: Hex
  readonly signature: Hex
  readonly nonce: Hex
}

export const voucherHeaders = {
  voucher: 'x-provenant-voucher',
  signature: 'x-provenant-signature',
  nonce: 'x-provenant-nonce',
} as const

/** Names the session key that signed; left out when the payer did. */
export const signerHeader = 'x-provenant-signer'

/** Writes the headers of a paid call. */
export function encodeVoucherHeaders(signed: SignedVoucher): Record<string, string> {
  const { calls, cumulativeMaxFee, ...rest } = signed.voucher
  const json = canonicalJson({
    ...rest,
    calls: String(calls),
    cumulativeMaxFee: String(cumulativeMaxFee),
  })
  return {
    [voucherHeaders.voucher]: Buffer.from(json).toString('base64url'),
    [voucherHeaders.signature]: signed.signature,
    [voucherHeaders.nonce]: signed.nonce,
    ...(signed.signer === signed.voucher.payer ? {} : { [signerHeader]: signed.signer }),
  }
}

/**
 * Reads the headers of a paid call; hex comes out lowercase.
 *
 * @throws `VOUCHER_MISSING`, `VOUCHER_MALFORMED`.
 */
export function decodeVoucherHeaders(header: (name: string) => string | undefined): SignedVoucher {
  const [voucher, signature, nonce] = Object.values(voucherHeaders).map((name) => {
    const value = header(name)
    if (value === undefined || value === '')
      throw new BaseError('VOUCHER_MISSING', { facts: { header: name } })
    return value
  }) as [string, string, string]
  const decoded = read(voucherHeaders.voucher, voucherSchema, parseBase64Json(voucher))
  const signer = header(signerHeader)
  return {
    voucher: decoded,
    signer: signer === undefined ? decoded.payer : read(signerHeader, lowerHex(20), signer),
    signature: read(voucherHeaders.signature, signatureSchema, signature),
    nonce: read(voucherHeaders.nonce, lowerHex(32), nonce),
  }
}

function read<T>(header: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || undefined
  throw new BaseError('VOUCHER_MALFORMED', { facts: { header, field, problem: issue?.message } })
}

function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw new BaseError('VOUCHER_MALFORMED', {
      facts: { header: voucherHeaders.voucher, problem: 'not JSON in base64url' },
    })
  }
}
