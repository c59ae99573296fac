import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSafetensors, type SafeTensor } from './read-safetensors.ts'
import { tensorToFloat32 } from './tensor-to-float32.ts'
import { floatTensor, writeSafetensors } from './write-safetensors.ts'

const code = (run: () => unknown): string | undefined => {
  try {
    run()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

const file = (header: unknown, data = 0): Uint8Array => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.alloc(data)])
}

const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: offsets,
})

const two = writeSafetensors(
  new Map<string, SafeTensor>([
    ['b', floatTensor('F32', [2], Float32Array.of(1, -2))],
    ['a', floatTensor('BF16', [1, 3], Float32Array.of(1, 2, 3))],
  ]),
)

describe('readSafetensors', () => {
  it('reads back what writeSafetensors wrote', () => {
    const tensorArbitrary = fc
      .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 9 })
      .map((values) => Float32Array.from(values))
    const name = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('__'))
    fc.assert(
      fc.property(fc.dictionary(name, tensorArbitrary), (tensors) => {
        const entries = Object.entries(tensors).map(
          ([key, values]) => [key, floatTensor('F32', [values.length], values)] as const,
        )
        const bytes = writeSafetensors(new Map(entries), { format: 'pt', step: '7' })
        const read = readSafetensors(bytes)
        expect(read.metadata).toEqual({ format: 'pt', step: '7' })
        expect(read.tensors.size).toBe(entries.length)
        for (const [key, values] of Object.entries(tensors)) {
          const tensor = read.tensors.get(key)!
          expect(tensor.shape).toEqual([values.length])
          expect(Buffer.from(tensorToFloat32(key, tensor).buffer)).toEqual(
            Buffer.from(values.buffer),
          )
        }
      }),
    )
  })

  it('reads a file that lies anywhere in a larger buffer', () => {
    const pool = Buffer.alloc(two.length + 3)
    pool.set(two, 3)
    const { tensors } = readSafetensors(pool.subarray(3))
    expect([...tensorToFloat32('b', tensors.get('b')!)]).toEqual([1, -2])
  })

  it('refuses every truncation of a file', () => {
    for (let length = 0; length < two.length; length++) {
      expect(code(() => readSafetensors(two.subarray(0, length)))).toBe('SAFETENSORS_INVALID')
    }
  })

  it('never fails with another error on damaged bytes', () => {
    fc.assert(
      fc.property(fc.nat(two.length - 1), fc.nat(255), (at, value) => {
        const damaged = two.slice()
        damaged[at] = value
        expect([undefined, 'SAFETENSORS_INVALID']).toContain(code(() => readSafetensors(damaged)))
      }),
    )
  })

  it.each([
    ['a header longer than the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127)],
    ['a header that is not JSON', file('{"a":')],
    ['a header that is a list', file([])],
    ['an unknown dtype', file({ a: entry([1], [0, 4], 'F8') }, 4)],
    ['a negative dimension', file({ a: entry([-1], [0, 4]) }, 4)],
    ['a fractional dimension', file({ a: entry([0.5], [0, 2]) }, 2)],
    ['a range that does not fit the shape', file({ a: entry([2], [0, 4]) }, 4)],
    ['a range that ends before it starts', file({ a: entry([0], [4, 0]) }, 4)],
    ['a shape whose product overflows', file({ a: entry([2 ** 52, 2 ** 52], [0, 4]) }, 4)],
    ['a range beyond the file', file({ a: entry([2], [0, 8]) }, 4)],
    ['overlapping tensors', file({ a: entry([1], [0, 4]), b: entry([1], [0, 4]) }, 4)],
    ['a hole between tensors', file({ a: entry([1], [0, 4]), b: entry([1], [8, 12]) }, 12)],
    ['data after the last tensor', file({ a: entry([1], [0, 4]) }, 8)],
    ['metadata that is not text', file({ __metadata__: { a: 1 } })],
  ])('refuses %s', (_, bytes) => {
    expect(code(() => readSafetensors(bytes))).toBe('SAFETENSORS_INVALID')
  })
})

describe('tensorToFloat32', () => {
  const half = (dtype: 'F16' | 'BF16', words: number[]): SafeTensor => ({
    dtype,
    shape: [words.length],
    bytes: new Uint8Array(Uint16Array.from(words).buffer),
  })

  it('reads halves, subnormal and negative ones included', () => {
    const words = [0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x3555]
    expect([...tensorToFloat32('t', half('F16', words))]).toEqual([
      1,
      -2,
      2 ** -24,
      -0,
      65504,
      Math.fround(0.333251953125),
    ])
  })

  it('reads bf16 as the upper half of f32', () => {
    expect([...tensorToFloat32('t', half('BF16', [0x3f80, 0xc040]))]).toEqual([1, -3])
  })

  it('rounds to bf16 to nearest, ties to even', () => {
    const [tieDown, tieUp, up] = [1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20]
    const tensor = floatTensor('BF16', [3], Float32Array.of(tieDown, tieUp, up))
    expect([...tensorToFloat32('t', tensor)]).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7])
  })

  it.each([
    ['infinite', half('BF16', [0x7f80])],
    ['not a number', half('F16', [0x7e00])],
    ['an integer', { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) } as const],
  ])('refuses a value that is %s', (_, tensor) => {
    expect(code(() => tensorToFloat32('t', tensor))).toBe('SAFETENSORS_INVALID')
  })
})
