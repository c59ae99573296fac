import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../schema/events/event.ts'
import { decodeVoucherHeaders, encodeVoucherHeaders } from './voucher-header.ts'

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)

const payer = hex(20)

const signed = fc.tuple(payer, fc.option(hex(20), { nil: undefined })).chain(([who, key]) =>
  fc.record({
    voucher: fc.record({
      payer: fc.constant(who),
      operator: hex(20),
      modelId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      termsVersion: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
      calls: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      cumulativeMaxFee: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      callsChain: hex(32),
    }),
    signer: fc.constant(key ?? who),
    signature: hex(65),
    nonce: hex(32),
  }),
)

test('every voucher survives the headers', () => {
  fc.assert(
    fc.property(signed, (value) => {
      const headers = encodeVoucherHeaders(value)
      expect(decodeVoucherHeaders((name) => headers[name])).toEqual(value)
    }),
  )
})

test('hex of any case means the same voucher', () => {
  const value = fc.sample(signed, { numRuns: 1, seed: 1 })[0]
  if (value === undefined) throw new Error('no sample')
  const upper = (text: Hex): Hex => `0x${text.slice(2).toUpperCase()}`
  const voucher = { ...value.voucher, payer: upper(value.voucher.payer) }
  const headers = encodeVoucherHeaders({
    ...{ ...value, voucher, nonce: upper(value.nonce), signer: upper(value.signer) },
  })
  expect(decodeVoucherHeaders((name) => headers[name])).toEqual(value)
})

test('any text in the headers gives a voucher or a coded error', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      const values = [a, b, c]
      try {
        decodeVoucherHeaders(() => values.shift())
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^VOUCHER_(MISSING|MALFORMED)$/),
        })
      }
    }),
  )
})

test('without a named signer the payer signed', () => {
  const [value] = fc.sample(signed, { numRuns: 1, seed: 2 })
  if (value === undefined) throw new Error('no sample')
  const headers = encodeVoucherHeaders({ ...value, signer: value.voucher.payer })
  expect(Object.keys(headers)).not.toContain('x-provenant-signer')
  expect(decodeVoucherHeaders((name) => headers[name]).signer).toBe(value.voucher.payer)
})
