import type { AcceptedCall } from './lane.ts'

const bigints = ['fee', 'calls', 'cumulativeMaxFee'] as const

/** Writes a call as one line of JSON; bigints become decimals. */
export const encodeJournalCall = (call: AcceptedCall): string =>
  JSON.stringify(call, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

/** Reads what `encodeJournalCall` wrote; the line's checksum vouches for its shape. */
export const decodeJournalCall = (json: string): AcceptedCall =>
  withSigner(
    JSON.parse(json, (key, value: unknown) =>
      bigints.some((name) => name === key) && typeof value === 'string' ? BigInt(value) : value,
    ) as AcceptedCall,
  )

// Lines from before session keys name no signer: it was the payer.
const withSigner = (call: AcceptedCall): AcceptedCall => ({
  ...call,
  signer: call.signer ?? call.voucher.payer,
})
