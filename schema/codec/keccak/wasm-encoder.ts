/** Bytes of WebAssembly code, as in chapter 5 of the WebAssembly 1.0 specification. */
export type Code = readonly number[]

/** Encodes an unsigned integer below 2^32 as LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const more = rest > 0x7f
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0))
    rest >>>= 7
  } while (rest > 0)
  return bytes
}

/** Encodes a signed integer of up to 64 bits as LEB128. */
export function signed(value: bigint): Code {
  const bytes: number[] = []
  for (let rest = BigInt.asIntN(64, value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn)
    const done = rest >> 6n === 0n || rest >> 6n === -1n
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

const sized = (content: Code): Code => [...unsigned(content.length), ...content]

const section = (id: number, content: Code): Code => [id, ...sized(content)]

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]

const name = (text: string): Code => sized([...Buffer.from(text, 'utf8')])

export interface WasmFunction {
  readonly name: string
  /** Number of i32 parameters; a function returns nothing. */
  readonly parameters: number
  /** Counts of further locals by type, in order. */
  readonly locals: readonly { readonly count: number; readonly type: 'i32' | 'i64' }[]
  readonly body: Code
}

const types = { i32: 0x7f, i64: 0x7e }

/**
 * Encodes a module that exports its functions and one memory, `memory`, of one page to begin with;
 * `data` lies at its start.
 */
export function encodeModule(
  functions: readonly WasmFunction[],
  data: Code,
): Uint8Array<ArrayBuffer> {
  const signatures = functions.map(({ parameters }) => [
    0x60,
    ...list(Array.from({ length: parameters }, () => [types.i32])),
    0,
  ])
  const exports = functions.map((f, i) => [...name(f.name), 0x00, ...unsigned(i)])
  const bodies = functions.map(({ locals, body }) =>
    sized([
      ...list(locals.map(({ count, type }) => [...unsigned(count), types[type]])),
      ...body,
      0x0b,
    ]),
  )
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(signatures)),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(5, [1, 0x00, ...unsigned(1)]),
    ...section(7, list([[...name('memory'), 0x02, 0], ...exports])),
    ...section(10, list(bodies)),
    ...section(11, list([[0x00, 0x41, 0x00, 0x0b, ...sized(data)]])),
  ])
}
