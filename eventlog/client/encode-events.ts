import { BaseError } from '../../schema/errors.ts'
import type { NewEvent } from './event-log.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Tags of length-delimited fields: field number × 8 + 2. */
const tag = {
  proposedMessages: 0x1a,
  id: 0x0a,
  uuidText: 0x12,
  metadata: 0x12,
  key: 0x0a,
  value: 0x12,
  customMetadata: 0x1a,
  data: 0x22,
} as const

/**
 * Encodes an event as the field `proposed_messages` of `BatchAppendReq`.
 *
 * By hand, because appends are the busiest path of the client and the generated code takes three
 * times as long: it copies each payload from object to object.
 *
 * @param index place among the events of the append, for messages
 * @throws `EVENT_LOG_EVENT_INVALID`
 */
export function encodeProposedEvent(event: NewEvent, index: number): Buffer {
  if (!UUID.test(event.id)) throw invalidEvent(`events[${index}].id`)
  if (event.type === '') throw invalidEvent(`events[${index}].type`)
  const data = toJson(event.data, `events[${index}].data`)
  const metadata = toJson(event.metadata ?? {}, `events[${index}].metadata`)
  const type = typeField(event.type)
  const dataBytes = Buffer.byteLength(data)
  const metadataBytes = Buffer.byteLength(metadata)
  const bytes =
    uuidBytes +
    type.length +
    1 +
    varintBytes(metadataBytes) +
    metadataBytes +
    1 +
    varintBytes(dataBytes) +
    dataBytes
  const buffer = Buffer.allocUnsafe(1 + varintBytes(bytes) + bytes)
  let at = writeHead(buffer, 0, tag.proposedMessages, bytes)
  at = writeHead(buffer, at, tag.id, 38)
  at = writeHead(buffer, at, tag.uuidText, 36)
  at += buffer.write(event.id, at, 'latin1')
  at += type.copy(buffer, at)
  at = writeHead(buffer, at, tag.customMetadata, metadataBytes)
  at += buffer.write(metadata, at, metadataBytes === metadata.length ? 'latin1' : 'utf8')
  at = writeHead(buffer, at, tag.data, dataBytes)
  buffer.write(data, at, dataBytes === data.length ? 'latin1' : 'utf8')
  return buffer
}

/** Tag, length and text of an id of 36 characters inside its own message. */
const uuidBytes = 40

const typeFields = new Map<string, Buffer>()

/** The entries `type` and `content-type`; types are few. */
function typeField(type: string): Buffer {
  const known = typeFields.get(type)
  if (known !== undefined) return known
  const field = Buffer.concat([entry('type', type), entry('content-type', 'application/json')])
  if (typeFields.size < 1000) typeFields.set(type, field)
  return field
}

const entry = (key: string, value: string) =>
  delimited(
    tag.metadata,
    Buffer.concat([
      delimited(tag.key, Buffer.from(key, 'utf8')),
      delimited(tag.value, Buffer.from(value, 'utf8')),
    ]),
  )

function delimited(fieldTag: number, content: Buffer): Buffer {
  const head = Buffer.alloc(1 + varintBytes(content.length))
  writeHead(head, 0, fieldTag, content.length)
  return Buffer.concat([head, content])
}

function writeHead(buffer: Buffer, start: number, fieldTag: number, length: number): number {
  let at = start
  buffer[at++] = fieldTag
  let rest = length
  for (; rest >= 0x80; rest >>>= 7) buffer[at++] = (rest & 0x7f) | 0x80
  buffer[at++] = rest
  return at
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 0x80; rest >>>= 7) bytes += 1
  return bytes
}

function toJson(value: unknown, field: string): string {
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw invalidEvent(field, cause)
  }
  if (json === undefined) throw invalidEvent(field)
  return json
}

export const invalidEvent = (field: string, cause?: unknown): BaseError =>
  new BaseError('EVENT_LOG_EVENT_INVALID', { facts: { field }, cause })
