import { TOMBSTONE_REVISION } from './revision.ts'
import type { StoredEvent } from './stored-event.ts'

/** .NET ticks (100 ns) per millisecond, the unit of `created` on the wire. */
const TICKS_PER_MS = 10_000n
const UUID_FIELD_BYTES = 40
const MAX_CACHED_NAMES = 1_000
/** 2^63 - 1, the revision of a tombstone. */
const TOMBSTONE_VARINT = Buffer.from('ffffffffffffffff7f', 'hex')

/**
 * Encodes an event as the `ReadResp` of the Streams service.
 *
 * By hand, because this is what a server of subscriptions does most: the generated classes take four
 * times as long and copy the payload twice. The tests decode it with the generated classes.
 */
export const encodeEvent = (event: StoredEvent): Buffer => encode(event, undefined)

/** Encodes an event as the `ReadResp` of the PersistentSubscriptions service. */
export const encodeGroupEvent = (event: StoredEvent, retryCount: number): Buffer =>
  encode(event, retryCount)

function encode(event: StoredEvent, retryCount: number | undefined): Buffer {
  const { position, revision, data, metadata } = event
  const names = encodeNames(event)
  const created = String(BigInt(event.created) * TICKS_PER_MS)
  const revisionBytes =
    revision === TOMBSTONE_REVISION ? TOMBSTONE_VARINT.length : varintBytes(revision)
  const positionBytes = varintBytes(position)
  const createdBytes = 2 + 7 + 2 + created.length
  const recordedBytes =
    UUID_FIELD_BYTES +
    names.length +
    (revision === 0 ? 0 : 1 + revisionBytes) +
    2 * (1 + positionBytes) +
    2 +
    createdBytes +
    bytesField(metadata) +
    bytesField(data)
  const retryBytes = retryCount === undefined ? 0 : 1 + varintBytes(retryCount)
  const readBytes = 1 + varintBytes(recordedBytes) + recordedBytes + 1 + positionBytes + retryBytes
  const out = Buffer.allocUnsafe(1 + varintBytes(readBytes) + readBytes)

  let at = 0
  out[at++] = 0x0a
  at = writeVarint(out, at, readBytes)
  out[at++] = 0x0a
  at = writeVarint(out, at, recordedBytes)
  // id: a message of one text of 36 characters
  at += UUID_START.copy(out, at)
  at += out.write(event.id, at, 'latin1')
  at += names.copy(out, at)
  if (revision !== 0) {
    out[at++] = 0x18
    if (revision === TOMBSTONE_REVISION) at += TOMBSTONE_VARINT.copy(out, at)
    else at = writeVarint(out, at, revision)
  }
  out[at++] = 0x20
  at = writeVarint(out, at, position)
  out[at++] = 0x28
  at = writeVarint(out, at, position)
  out[at++] = 0x32
  out[at++] = createdBytes
  at += CREATED_START.copy(out, at)
  out[at++] = created.length
  at += out.write(created, at, 'latin1')
  at = writeBytes(out, at, 0x3a, metadata)
  at = writeBytes(out, at, 0x42, data)
  out[at++] = 0x18
  at = writeVarint(out, at, position)
  if (retryCount !== undefined) {
    out[at++] = 0x28
    at = writeVarint(out, at, retryCount)
  }
  return out
}

// Functions of their own: closures would be made anew for every event.
function writeVarint(out: Buffer, from: number, value: number): number {
  let at = from
  let rest = value
  while (rest >= 128) {
    out[at++] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
  }
  out[at++] = rest
  return at
}

function writeBytes(out: Buffer, from: number, tag: number, value: Buffer): number {
  if (value.length === 0) return from
  out[from] = tag
  const at = writeVarint(out, from + 1, value.length)
  return at + value.copy(out, at)
}

const UUID_START = Buffer.from([0x0a, 38, 0x12, 36])
const CREATED_START = Buffer.from('\x0a\x07created\x12', 'latin1')

const cachedNames = new Map<string, Buffer>()

/** Stream, type and content type as they stand in the message; few of them in a log. */
function encodeNames({ stream, type, contentType }: StoredEvent): Buffer {
  const key = `${type}\0${contentType}\0${stream}`
  const known = cachedNames.get(key)
  if (known !== undefined) return known
  const made = Buffer.concat([
    field(0x12, field(0x1a, Buffer.from(stream))),
    field(0x32, field(0x0a, Buffer.from('type')), field(0x12, Buffer.from(type))),
    field(0x32, field(0x0a, Buffer.from('content-type')), field(0x12, Buffer.from(contentType))),
  ])
  if (cachedNames.size >= MAX_CACHED_NAMES) cachedNames.clear()
  cachedNames.set(key, made)
  return made
}

function field(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const length: number[] = []
  let rest = content.length
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128)
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content])
}

const bytesField = (value: Buffer): number =>
  value.length === 0 ? 0 : 1 + varintBytes(value.length) + value.length

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
