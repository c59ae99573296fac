import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fastLzSize } from './fast-lz-size.ts'
import { fjordL1Fee, isthmusOperatorFee, jovianOperatorFee, opStackFee } from './op-stack-fee.ts'

const prices = {
  l1BaseFee: 3_000_000_000n,
  l1BlobBaseFee: 187_500_000n,
  baseFeeScalar: 5227n,
  blobBaseFeeScalar: 1_014_213n,
  l2GasPrice: 5_000_000n,
  operatorFeeScalar: 7n,
  operatorFeeConstant: 11n,
}

describe('fastLzSize', () => {
  test('bytes too few to match stay as they are, one more for each 32', () => {
    for (const [length, size] of [
      [0, 0],
      [1, 2],
      [12, 13],
    ] as const)
      expect(fastLzSize(new Uint8Array(length))).toBe(size)
    expect(fastLzSize(Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 251))).toBe(66)
  })

  test('a long run costs three bytes for each 262', () => {
    const grown = fastLzSize(new Uint8Array(10_000 + 262)) - fastLzSize(new Uint8Array(10_000))
    expect(grown).toBe(3)
  })

  test('never grows by more than a byte for each 32', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(fastLzSize(bytes)).toBeLessThanOrEqual(bytes.length + Math.ceil(bytes.length / 32))
      }),
    )
  })

  test('what repeats beyond the window is not found', () => {
    const random = Uint8Array.from({ length: 200 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 255)
    const repeated = (gap: number) =>
      fastLzSize(Uint8Array.from([...random, ...new Uint8Array(gap), ...random]))
    expect(repeated(20_000)).toBeGreaterThan(repeated(100) + 100)
  })
})

describe('fees', () => {
  test('a small transaction is charged as 100 bytes', () => {
    expect(fjordL1Fee(10, prices)).toBe(fjordL1Fee(170, prices))
    expect(fjordL1Fee(171, prices)).toBeGreaterThan(fjordL1Fee(170, prices))
    const weighted = 16n * 5227n * 3_000_000_000n + 1_014_213n * 187_500_000n
    expect(fjordL1Fee(10, prices)).toBe((100n * weighted) / 1_000_000n)
  })

  test('Jovian charges a hundred times the scalar where Isthmus charged a millionth', () => {
    expect(isthmusOperatorFee(1_000_000n, prices)).toBe(18n)
    expect(jovianOperatorFee(1_000_000n, prices)).toBe(700_000_011n)
  })

  test('the parts sum to the total', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(10_000_000), (bytes, gas) => {
        const signed = `0x${Buffer.from(bytes).toString('hex')}` as const
        const fee = opStackFee({ signed, gas }, prices)
        expect(fee.execution + fee.l1Data + fee.operator).toBe(fee.total)
        expect(fee.execution).toBe(BigInt(gas) * 5_000_000n)
      }),
    )
  })
})
