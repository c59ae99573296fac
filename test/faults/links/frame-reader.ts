/** A WebSocket frame as it came; `text` where it is a whole text message. */
export interface Frame {
  readonly bytes: Buffer
  readonly text: string | undefined
}

/** Takes the bytes of a server's side apart into frames (RFC 6455 §5.2); servers do not mask. */
export function createFrameReader(): (chunk: Buffer) => readonly Frame[] {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const frames: Frame[] = []
    for (;;) {
      const header = readHeader(rest)
      if (header === undefined || rest.length < header.size + header.length) return frames
      const bytes = rest.subarray(0, header.size + header.length)
      rest = rest.subarray(bytes.length)
      const payload = bytes.subarray(header.size)
      frames.push({ bytes, text: header.isText ? payload.toString('utf8') : undefined })
    }
  }
}

/** Makes one unmasked text frame. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const wide = length > 0xffff
  const header = Buffer.alloc(length < 126 ? 2 : wide ? 10 : 4)
  header[0] = 0x81
  header[1] = length < 126 ? length : wide ? 127 : 126
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}

function readHeader(
  bytes: Buffer,
): { readonly size: number; readonly length: number; readonly isText: boolean } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const size = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < size) return undefined
  const length =
    size === 2 ? short : size === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return { size, length, isText: bytes.readUInt8(0) === 0x81 }
}
