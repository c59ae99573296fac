import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { uuidFromWire } from '../uuid-from-wire.ts'

/** An event as it came over the wire; its payloads are not parsed yet. */
export interface WireEvent {
  readonly id: string
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
  readonly type: string
  readonly contentType: string
  /** .NET ticks (100 ns) since 1970, as text. */
  readonly created: string
  readonly data: string
  readonly metadata: string
}

/** What a subscription hears. */
export type ReadMessage =
  | { readonly kind: 'event'; readonly event: WireEvent }
  | { readonly kind: 'checkpoint'; readonly position: bigint }
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'other' }

const other: ReadMessage = { kind: 'other' }

/**
 * Decodes one `ReadResp`.
 *
 * Events by hand: they are nearly all that a subscription hears, and the generated code with the
 * conversions of the client takes four times as long. Everything else by the generated code.
 *
 * @throws RangeError the bytes are no message
 */
export function decodeReadResponse(bytes: Buffer): ReadMessage {
  if (bytes[0] === field(1, delimited)) {
    const read = new Reader(bytes)
    read.tag()
    const event = readEvent(read.inner())
    return event === undefined ? other : { kind: 'event', event }
  }
  const response = streams.ReadResp.deserializeBinary(bytes)
  if (response.hasCaughtUp()) return { kind: 'caught-up' }
  const position = response.getCheckpoint()?.getCommitPosition()
  return position === undefined ? other : { kind: 'checkpoint', position: BigInt(position) }
}

const varint = 0
const delimited = 2
const field = (number: number, wireType: number) => number * 8 + wireType

/** `ReadEvent`: the event in field 1; a link whose target was deleted has none. */
function readEvent(read: Reader): WireEvent | undefined {
  let event: WireEvent | undefined
  while (read.more()) {
    const tag = read.tag()
    if (tag === field(1, delimited)) event = readRecorded(read.inner())
    else read.skip(tag)
  }
  return event
}

function readRecorded(read: Reader): WireEvent {
  let id = ''
  let stream = ''
  let revision = 0n
  let position = 0n
  let data = ''
  let metadata = ''
  const names = { type: '', contentType: '', created: '' }
  while (read.more()) {
    const tag = read.tag()
    switch (tag) {
      case field(1, delimited):
        id = readId(read.inner())
        break
      case field(2, delimited):
        stream = readStreamName(read.inner())
        break
      case field(3, varint):
        revision = read.integer()
        break
      case field(5, varint):
        position = read.integer()
        break
      case field(6, delimited):
        readName(read.inner(), names)
        break
      case field(7, delimited):
        metadata = read.text()
        break
      case field(8, delimited):
        data = read.text()
        break
      default:
        read.skip(tag)
    }
  }
  return { id, stream, revision, position, ...names, data, metadata }
}

function readId(read: Reader): string {
  const bytes = read.rest()
  if (bytes[0] === field(2, delimited) && read.tag() > 0) return read.text().toLowerCase()
  return uuidFromWire(shared.UUID.deserializeBinary(bytes))
}

function readStreamName(read: Reader): string {
  let name = ''
  while (read.more()) {
    const tag = read.tag()
    if (tag === field(3, delimited)) name = read.text()
    else read.skip(tag)
  }
  return name
}

function readName(
  read: Reader,
  names: { type: string; contentType: string; created: string },
): void {
  let key = ''
  let value = ''
  while (read.more()) {
    const tag = read.tag()
    if (tag === field(1, delimited)) key = read.text()
    else if (tag === field(2, delimited)) value = read.text()
    else read.skip(tag)
  }
  if (key === 'type') names.type = value
  else if (key === 'content-type') names.contentType = value
  else if (key === 'created') names.created = value
}

/** Reads the fields of a message one by one. */
class Reader {
  readonly bytes: Buffer
  at: number
  readonly end: number

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  more(): boolean {
    return this.at < this.end
  }

  rest(): Buffer {
    return this.bytes.subarray(this.at, this.end)
  }

  tag(): number {
    return this.#number()
  }

  /** The message in a field; reading it moves this reader behind it. */
  inner(): Reader {
    const length = this.#number()
    const start = this.at
    this.#move(length)
    return new Reader(this.bytes, start, this.at)
  }

  text(): string {
    const length = this.#number()
    const start = this.at
    this.#move(length)
    return this.bytes.toString('utf8', start, this.at)
  }

  integer(): bigint {
    let low = 0
    let scale = 1
    // Seven bytes are 49 bits, which a number holds exactly.
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte()
      low += (byte & 0x7f) * scale
      if (byte < 0x80) return BigInt(low)
      scale *= 0x80
    }
    let value = BigInt(low)
    for (let shift = 49n; ; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
  }

  skip(tag: number): void {
    const wireType = tag & 7
    if (wireType === varint) this.integer()
    else if (wireType === 1) this.#move(8)
    else if (wireType === delimited) this.#move(this.#number())
    else if (wireType === 5) this.#move(4)
    else throw new RangeError(`wire type ${wireType}`)
  }

  #number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  #byte(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined || this.at >= this.end) throw new RangeError('the message is cut')
    this.at += 1
    return byte
  }

  #move(length: number): void {
    this.at += length
    if (this.at > this.end) throw new RangeError('the message is cut')
  }
}
