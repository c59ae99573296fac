import { type Code, signed, unsigned } from './wasm-encoder.ts'

// WebAssembly 1.0, section 5.4: only what the keccak kernel needs.
export const getLocal = (index: number): Code => [0x20, ...unsigned(index)]
export const setLocal = (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)]
export const i32 = (value: number): Code => [0x41, ...signed(BigInt(value))]
export const i64 = (value: bigint): Code => [0x42, ...signed(value)]
/** Little-endian load of 8 bytes at any alignment. */
export const load = (address: Code, offset: number): Code => [
  ...address,
  ...[0x29, 0],
  ...unsigned(offset),
]
export const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  ...[0x37, 0],
  ...unsigned(offset),
]

const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, opcode]

export const add = binary(0x6a)
export const sub = binary(0x6b)
export const shiftLeft32 = binary(0x74)
export const lessSigned = binary(0x48)
export const lessUnsigned = binary(0x49)
export const and = binary(0x83)
export const or = binary(0x84)
export const xor = binary(0x85)
export const shiftLeft = binary(0x86)
export const shiftRight = binary(0x88)
export const rotateLeft = binary(0x89)
export const isEqual = binary(0x51)
export const isGreater = binary(0x56)
export const isZero32 = (value: Code): Code => [...value, 0x45]
export const isZero = (value: Code): Code => [...value, 0x50]

/** Repeats `body` until `done` is true, which is asked before each turn. */
export const until = (done: Code, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...done,
  ...[0x0d, 1],
  ...body,
  ...[0x0c, 0, 0x0b, 0x0b],
]

/** Repeats `body` as long as `condition` holds after it. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  ...[0x03, 0x40],
  ...body,
  ...condition,
  ...[0x0d, 0, 0x0b],
]

export const when = (condition: Code, body: Code, otherwise: Code = []): Code => [
  ...condition,
  ...[0x04, 0x40],
  ...body,
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
]
