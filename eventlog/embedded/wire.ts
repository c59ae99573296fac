import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import { uuidFromWire } from '../uuid-from-wire.ts'
import { invalidArgument } from './service-error.ts'

const UUID_TEXT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Reads a UUID in either of its two wire forms. */
export function readUuid(uuid: UUID | undefined): string {
  if (uuid === undefined) throw invalidArgument('an event or a request has no id')
  const text = uuidFromWire(uuid)
  if (!UUID_TEXT.test(text)) throw invalidArgument('an id is not a UUID')
  return text
}

export function writeUuid(text: string): UUID {
  const uuid = new shared.UUID()
  uuid.setString(text)
  return uuid
}

export function readStreamName(identifier: StreamIdentifier | undefined): string {
  const name = Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')
  return readText('stream name', name)
}

/** PostgreSQL cannot store U+0000 in text. */
export function readText(what: string, text: string | undefined): string {
  if (!text || text.includes('\0')) throw invalidArgument(`the ${what} is empty or not text`)
  return text
}

export function writeStreamName(name: string): StreamIdentifier {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(name, 'utf8'))
  return identifier
}
