/** One encoded message, as pieces that are joined once at the end. */
export type Message = readonly Uint8Array[]

function varint(value: number | bigint): Uint8Array {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Uint8Array.of(...out, Number(rest))
}

const tag = (field: number, wire: number): Uint8Array => varint((field << 3) | wire)

/** Encodes an integer field (wire type 0); a negative int64 takes ten bytes. */
export const intField = (field: number, value: number | bigint): Message => [
  tag(field, 0),
  varint(value),
]

/** Encodes a 32-bit float field (wire type 5). */
export function floatField(field: number, value: number): Message {
  const body = new Uint8Array(4)
  new DataView(body.buffer).setFloat32(0, value, true)
  return [tag(field, 5), body]
}

/** Encodes a length-delimited field (wire type 2) from bytes, without copying them. */
export const bytesField = (field: number, body: Uint8Array): Message => [
  tag(field, 2),
  varint(body.length),
  body,
]

export const textField = (field: number, text: string): Message =>
  bytesField(field, new TextEncoder().encode(text))

/** Encodes an embedded message. */
export function messageField(field: number, body: Message): Message {
  const length = body.reduce((sum, piece) => sum + piece.length, 0)
  return [tag(field, 2), varint(length), ...body]
}
