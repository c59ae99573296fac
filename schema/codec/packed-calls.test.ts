import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../events/event.ts'
import { type PackedCall, packCalls, packedCallSize, unpackCalls } from './packed-calls.ts'

const hex = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })

const call: fc.Arbitrary<PackedCall> = fc.record({
  payer: hex(20),
  modelId: uint(32),
  modelVersion: uint(16),
  termsVersion: uint(16),
  fee: fc.bigInt({ min: 0n, max: (1n << 96n) - 1n }),
  tokensIn: uint(32),
  tokensOut: uint(32),
  calledAt: uint(32),
  requestHash: hex(32),
  outputHash: hex(32),
})

test('unpacking what was packed gives the same calls', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      const data = packCalls(calls)
      expect((data.length - 2) / 2).toBe(calls.length * packedCallSize)
      expect(unpackCalls(data)).toEqual(calls)
    }),
  )
})

test('the layout is big-endian and fixed', () => {
  const data = packCalls([
    {
      payer: `0x${'aa'.repeat(20)}`,
      modelId: 1,
      modelVersion: 2,
      termsVersion: 3,
      fee: (1n << 64n) + 5n,
      tokensIn: 6,
      tokensOut: 7,
      calledAt: 8,
      requestHash: `0x${'bb'.repeat(32)}`,
      outputHash: `0x${'cc'.repeat(32)}`,
    },
  ])
  expect(data).toBe(
    `0x${'aa'.repeat(20)}0000000100020003000000010000000000000005000000060000000700000008${'bb'.repeat(32)}${'cc'.repeat(32)}`,
  )
})

test('a torn batch and a number out of range are refused', () => {
  expect(() => unpackCalls('0x00')).toThrow(expect.objectContaining({ code: 'BATCH_MALFORMED' }))
  const [sample] = fc.sample(call, { numRuns: 1, seed: 1 })
  if (sample === undefined) throw new TypeError('a sample was drawn')
  expect(() => packCalls([{ ...sample, fee: 1n << 96n }])).toThrow('uint96')
  expect(() => packCalls([{ ...sample, modelVersion: 65_536 }])).toThrow('65536')
})
