import fc from 'fast-check'
import { bytesToHex, concat, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { blockBytes, createKeccakKernel } from './keccak-kernel.ts'

const kernel = createKeccakKernel()
const at = 4096
const out = 1_048_576
kernel.reserve(4 * out)

const digests = (count: number) =>
  Array.from({ length: count }, (_, i) => kernel.bytes().slice(out + 32 * i, out + 32 * i + 32))

const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max })

function writeBlock(message: Uint8Array, offset: number): void {
  const block = kernel.bytes().subarray(offset, offset + blockBytes)
  block.fill(0)
  block.set(message)
  block[message.length] = 1
  block[blockBytes - 1]! |= 0x80
}

describe('the keccak kernel', () => {
  test('hashes messages of every length that fits one block', () => {
    fc.assert(
      fc.property(
        fc.array(bytes(0, blockBytes - 1), { minLength: 1, maxLength: 5 }),
        (messages) => {
          messages.forEach((message, i) => {
            writeBlock(message, at + i * blockBytes)
          })
          kernel.hashBlocks(at, out, messages.length)
          expect(digests(messages.length).map((d) => bytesToHex(d))).toEqual(
            messages.map((message) => keccak256(message)),
          )
        },
      ),
    )
    writeBlock(new Uint8Array(blockBytes - 1).fill(7), at)
    kernel.hashBlocks(at, out, 1)
    expect(bytesToHex(digests(1)[0]!)).toBe(keccak256(new Uint8Array(blockBytes - 1).fill(7)))
  })

  test('hashes digests in place', () => {
    fc.assert(
      fc.property(fc.array(bytes(32, 32), { minLength: 1, maxLength: 5 }), (items) => {
        items.forEach((item, i) => {
          kernel.bytes().set(item, out + 32 * i)
        })
        kernel.hashDigests(out, out, items.length)
        expect(digests(items.length).map((d) => bytesToHex(d))).toEqual(
          items.map((item) => keccak256(item)),
        )
      }),
    )
  })

  test('folds ordered pairs behind a domain byte and keeps empty pairs empty', () => {
    const side = fc.oneof(bytes(32, 32), fc.constant(new Uint8Array(32)))
    fc.assert(
      fc.property(fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 5 }), (pairs) => {
        pairs.forEach(([left, right], i) => {
          kernel.bytes().set(left, at + 64 * i)
          kernel.bytes().set(right, at + 64 * i + 32)
        })
        kernel.foldOrdered(at, out, pairs.length)
        const zero = `0x${'0'.repeat(64)}`
        expect(digests(pairs.length).map((d) => bytesToHex(d))).toEqual(
          pairs.map(([left, right]) =>
            [...left, ...right].every((byte) => byte === 0)
              ? zero
              : keccak256(concat([Uint8Array.of(1), left, right])),
          ),
        )
      }),
    )
  })

  test('folds a heap of sorted pairs, also where hashes share their first words', () => {
    const shared = fc.tuple(fc.integer({ min: 0, max: 32 }), bytes(32, 32), bytes(32, 32))
    fc.assert(
      fc.property(shared, ([common, a, b]) => {
        const twin = Uint8Array.from(b, (byte, i) => (i < common ? a[i]! : byte))
        kernel.bytes().set(a, out + 32)
        kernel.bytes().set(twin, out + 64)
        kernel.foldSorted(out, 0, 0)
        const [low, high] = Buffer.compare(a, twin) <= 0 ? [a, twin] : [twin, a]
        expect(bytesToHex(digests(1)[0]!)).toBe(keccak256(concat([low, high])))
      }),
      { numRuns: 300 },
    )
  })

  test('hashes more than one call takes', () => {
    const count = 2500
    for (let i = 0; i < count; i++) kernel.bytes().fill(i % 251, out + 32 * i, out + 32 * i + 32)
    kernel.hashDigests(out, out, count)
    for (const i of [0, 1023, 1024, 2047, 2048, count - 1])
      expect(bytesToHex(kernel.bytes().slice(out + 32 * i, out + 32 * i + 32))).toBe(
        keccak256(new Uint8Array(32).fill(i % 251)),
      )
  })
})
