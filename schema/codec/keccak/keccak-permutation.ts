import {
  add,
  and,
  getLocal,
  i32,
  i64,
  lessUnsigned,
  load,
  repeatWhile,
  rotateLeft,
  setLocal,
  xor,
} from './instructions.ts'
import type { Code } from './wasm-encoder.ts'

const rounds = 24

/** Round constants of FIPS 202, section 3.2.5, little-endian; they must lie at address 0. */
export function roundConstants(): Code {
  let lfsr = 1
  return Array.from({ length: rounds }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) {
      if (lfsr & 1) constant |= 1n << BigInt(2 ** j - 1)
      lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1
    }
    return Array.from({ length: 8 }, (_, i) => Number((constant >> BigInt(8 * i)) & 0xffn))
  }).flat()
}

/** Rotation of lane x + 5y, FIPS 202 section 3.2.2. */
function rotations(): readonly number[] {
  const offsets = new Array<number>(25).fill(0)
  let [x, y] = [1, 0]
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    ;[x, y] = [y, (2 * x + 3 * y) % 5]
  }
  return offsets
}

/** What the permutation needs: i64 locals from `first`, the state in the first 25, and one i32. */
export const permutationLocals = 60

/**
 * Emits keccak-f[1600] of FIPS 202 over 25 i64 locals from `first`, counting in the i32 local `round`.
 *
 * A loop, because unrolled rounds overflow the instruction cache: 0.55 µs per hash instead of 0.28.
 */
export function keccakPermutation(first: number, round: number): Code {
  const a = (i: number) => first + i
  const b = (i: number) => first + 25 + i
  const c = (i: number) => first + 50 + i
  const d = (i: number) => first + 55 + i
  const code: number[] = []
  const put = (local: number, value: Code) => code.push(...setLocal(local, value))
  const offsets = rotations()
  for (let x = 0; x < 5; x++) {
    put(
      c(x),
      [0, 5, 10, 15, 20].map((row) => getLocal(a(x + row))).reduce((s, v) => xor(s, v)),
    )
  }
  for (let x = 0; x < 5; x++) {
    put(d(x), xor(getLocal(c((x + 4) % 5)), rotateLeft(getLocal(c((x + 1) % 5)), i64(1n))))
  }
  for (let lane = 0; lane < 25; lane++) {
    const [x, y] = [lane % 5, Math.floor(lane / 5)]
    const mixed = xor(getLocal(a(lane)), getLocal(d(x)))
    const offset = offsets[lane]!
    put(
      b(y + 5 * ((2 * x + 3 * y) % 5)),
      offset === 0 ? mixed : rotateLeft(mixed, i64(BigInt(offset))),
    )
  }
  for (let lane = 0; lane < 25; lane++) {
    const [x, row] = [lane % 5, lane - (lane % 5)]
    const next = getLocal(b(row + ((x + 1) % 5)))
    const afterNext = getLocal(b(row + ((x + 2) % 5)))
    const chi = xor(getLocal(b(lane)), and(xor(next, i64(-1n)), afterNext))
    put(a(lane), lane === 0 ? xor(chi, load(getLocal(round), 0)) : chi)
  }
  return [
    ...setLocal(round, i32(0)),
    ...repeatWhile(
      [...code, ...setLocal(round, add(getLocal(round), i32(8)))],
      lessUnsigned(getLocal(round), i32(8 * rounds)),
    ),
  ]
}
