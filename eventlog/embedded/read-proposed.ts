import type { UUID } from '@eventstore/db-client/generated/shared_pb.js'
import type * as jspb from 'google-protobuf'
import type { Expectation, ProposedEvent } from './stored-event.ts'
import { readText, readUuid } from './wire.ts'

interface WireEvent {
  getId(): UUID | undefined
  getMetadataMap(): jspb.Map<string, string>
  getData_asU8(): Uint8Array
  getCustomMetadata_asU8(): Uint8Array
}

export function readProposed(message: WireEvent): ProposedEvent {
  const metadata = message.getMetadataMap()
  return {
    id: readUuid(message.getId()),
    type: readText('event type', metadata.get('type')),
    contentType: readText('content type', metadata.get('content-type')),
    data: toBuffer(message.getData_asU8()),
    metadata: toBuffer(message.getCustomMetadata_asU8()),
  }
}

interface WireExpectation {
  hasAny(): boolean
  hasNoStream(): boolean
  hasStreamExists(): boolean
}

export function readExpectation(options: WireExpectation, revision: string): Expectation {
  if (options.hasAny()) return { kind: 'any' }
  if (options.hasNoStream()) return { kind: 'none' }
  if (options.hasStreamExists()) return { kind: 'exists' }
  return { kind: 'at', revision: Number(revision) }
}

const toBuffer = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
