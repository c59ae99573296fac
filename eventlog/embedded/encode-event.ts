import type { ReadResp as GroupReadResp } from '@eventstore/db-client/generated/persistent_pb.js'
import persistent from '@eventstore/db-client/generated/persistent_pb.js'
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { revisionText } from './revision.ts'
import type { StoredEvent } from './stored-event.ts'
import { writeStreamName, writeUuid } from './wire.ts'

/** .NET ticks (100 ns) per millisecond, the unit of `created` on the wire. */
const TICKS_PER_MS = 10_000n

export function encodeEvent(event: StoredEvent): ReadResp {
  const recorded = fill(new streams.ReadResp.ReadEvent.RecordedEvent(), event)
  const read = new streams.ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.position))
  const response = new streams.ReadResp()
  response.setEvent(read)
  return response
}

export function encodeGroupEvent(event: StoredEvent, retryCount: number): GroupReadResp {
  const recorded = fill(new persistent.ReadResp.ReadEvent.RecordedEvent(), event)
  const read = new persistent.ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.position))
  read.setRetryCount(retryCount)
  const response = new persistent.ReadResp()
  response.setEvent(read)
  return response
}

type Recorded = ReadResp.ReadEvent.RecordedEvent | GroupReadResp.ReadEvent.RecordedEvent

function fill<T extends Recorded>(recorded: T, event: StoredEvent): T {
  const position = String(event.position)
  recorded.setId(writeUuid(event.id))
  recorded.setStreamIdentifier(writeStreamName(event.stream))
  recorded.setStreamRevision(revisionText(event.revision))
  recorded.setCommitPosition(position)
  recorded.setPreparePosition(position)
  const metadata = recorded.getMetadataMap()
  metadata.set('type', event.type)
  metadata.set('content-type', event.contentType)
  metadata.set('created', String(BigInt(event.created) * TICKS_PER_MS))
  recorded.setData(event.data)
  recorded.setCustomMetadata(event.metadata)
  return recorded
}
