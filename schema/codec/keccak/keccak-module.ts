import * as wasm from './instructions.ts'
import { keccakPermutation, permutationLocals, roundConstants } from './keccak-permutation.ts'
import { type Code, encodeModule, type WasmFunction } from './wasm-encoder.ts'

const { getLocal, i32, i64, setLocal } = wasm
/** Rate of Keccak-256 in 64-bit words. */
const rateWords = 17
const lastPaddingBit = i64(1n << 63n)

/**
 * Emits loading the state from 17 words, hashing and storing 32 bytes at the local `out`.
 *
 * @param first - First of the permutation's i64 locals; the local before it is its i32 counter.
 */
function hashBlock(first: number, words: readonly Code[], out: number): Code {
  const round = first - 1
  const zero = i64(0n)
  return [
    ...Array.from({ length: 25 }, (_, i) => setLocal(first + i, words[i] ?? zero)).flat(),
    ...keccakPermutation(first, round),
    ...Array.from({ length: 4 }, (_, i) =>
      wasm.store(getLocal(out), 8 * i, getLocal(first + i)),
    ).flat(),
  ]
}

/** The padding of a message that fills whole words: 0x01 after it, 0x80 at the end of the block. */
const padded = (words: readonly Code[]): readonly Code[] =>
  Array.from({ length: rateWords }, (_, i) =>
    i < words.length
      ? words[i]!
      : i === words.length
        ? i64(1n)
        : i === rateWords - 1
          ? lastPaddingBit
          : i64(0n),
  )

const advance = (local: number, by: number): Code =>
  setLocal(local, wasm.add(getLocal(local), i32(by)))

/** `name(in, out, count)`: hashes `count` records of `bytes` bytes each, one after the other. */
function hashRecords(name: string, bytes: number, words: readonly Code[]): WasmFunction {
  const [source, out, count, first] = [0, 1, 2, 4]
  return {
    name,
    parameters: 3,
    locals: [
      { count: 1, type: 'i32' },
      { count: permutationLocals, type: 'i64' },
    ],
    body: wasm.until(wasm.isZero32(getLocal(count)), [
      ...hashBlock(first, words, out),
      ...advance(source, bytes),
      ...advance(out, 32),
      ...advance(count, -1),
    ]),
  }
}

const word = (index: number): Code => wasm.load(getLocal(0), 8 * index)
const words = (count: number): readonly Code[] => Array.from({ length: count }, (_, i) => word(i))

/** Hashes the pairs of one level behind the byte 0x01; two zero children have a zero parent. */
function foldOrdered(): WasmFunction {
  const [source, out, count, first] = [0, 1, 2, 4]
  const shifted = Array.from({ length: 9 }, (_, i) => {
    const low = i === 0 ? i64(1n) : wasm.shiftRight(word(i - 1), i64(56n))
    // The ninth word holds the last byte of the message and the first of the padding.
    return wasm.or(low, i === 8 ? i64(0x0100n) : wasm.shiftLeft(word(i), i64(8n)))
  })
  const message = Array.from({ length: rateWords }, (_, i) =>
    i < 9 ? shifted[i]! : i === rateWords - 1 ? lastPaddingBit : i64(0n),
  )
  const anyBit = words(8).reduce((sum, value) => wasm.or(sum, value))
  return {
    name: 'foldOrdered',
    parameters: 3,
    locals: [
      { count: 1, type: 'i32' },
      { count: permutationLocals, type: 'i64' },
    ],
    body: wasm.until(wasm.isZero32(getLocal(count)), [
      ...wasm.when(
        wasm.isZero(anyBit),
        [0, 8, 16, 24].flatMap((offset) => wasm.store(getLocal(out), offset, i64(0n))),
        hashBlock(first, message, out),
      ),
      ...advance(source, 64),
      ...advance(out, 32),
      ...advance(count, -1),
    ]),
  }
}

/** Byte order of a 64-bit word turned round, so that words compare as the bytes they hold. */
function swapBytes(value: Code): Code {
  const step = (bits: bigint, mask: bigint, x: Code): Code =>
    wasm.or(
      wasm.shiftLeft(wasm.and(x, i64(mask)), i64(bits)),
      wasm.and(wasm.shiftRight(x, i64(bits)), i64(mask)),
    )
  return wasm.rotateLeft(
    step(16n, 0x0000ffff0000ffffn, step(8n, 0x00ff00ff00ff00ffn, value)),
    i64(32n),
  )
}

/**
 * `foldSorted(base, first, last)`: for node `last` down to `first` of a heap of 32-byte nodes at
 * `base`, hashes its two children in ascending order.
 */
function foldSorted(): WasmFunction {
  const [base, first, last, left, right, out, state] = [0, 1, 2, 3, 4, 5, 7]
  const swap = [
    ...setLocal(out, getLocal(left)),
    ...setLocal(left, getLocal(right)),
    ...setLocal(right, getLocal(out)),
  ]
  const at = (side: number, i: number) => wasm.load(getLocal(side), 8 * i)
  // Hashes differ in their first word but for one pair in 2^64; then the next word decides.
  const compare = [3, 2, 1, 0].reduce<Code>(
    (inner, i) =>
      inner.length === 0
        ? wasm.when(wasm.isGreater(swapBytes(at(left, i)), swapBytes(at(right, i))), swap)
        : wasm.when(
            wasm.isEqual(at(left, i), at(right, i)),
            inner,
            wasm.when(wasm.isGreater(swapBytes(at(left, i)), swapBytes(at(right, i))), swap),
          ),
    [],
  )
  const pair = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => at(i < 4 ? left : right, i % 4))
  const childOf = wasm.add(wasm.shiftLeft32(getLocal(last), i32(6)), i32(32))
  return {
    name: 'foldSorted',
    parameters: 3,
    locals: [
      { count: 4, type: 'i32' },
      { count: permutationLocals, type: 'i64' },
    ],
    body: wasm.until(wasm.lessSigned(getLocal(last), getLocal(first)), [
      ...setLocal(left, wasm.add(getLocal(base), childOf)),
      ...setLocal(right, wasm.add(getLocal(left), i32(32))),
      ...compare,
      ...setLocal(out, wasm.add(getLocal(base), wasm.shiftLeft32(getLocal(last), i32(5)))),
      ...hashBlock(state, padded(pair), out),
      ...advance(last, -1),
    ]),
  }
}

/** Emits the WebAssembly module of {@link createKeccakKernel}. */
export const keccakModule = (): Uint8Array<ArrayBuffer> =>
  encodeModule(
    [
      hashRecords('hashBlocks', 8 * rateWords, words(rateWords)),
      hashRecords('hashDigests', 32, padded(words(4))),
      foldOrdered(),
      foldSorted(),
    ],
    roundConstants(),
  )
