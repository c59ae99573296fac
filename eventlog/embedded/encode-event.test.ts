import persistent from '@eventstore/db-client/generated/persistent_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeEvent, encodeGroupEvent } from './encode-event.ts'
import { revisionText, TOMBSTONE_REVISION } from './revision.ts'

const bytes = fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one))
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 })
const events = fc.record({
  position: fc.maxSafeNat(),
  revision: fc.oneof(fc.maxSafeNat(), fc.constant(0), fc.constant(TOMBSTONE_REVISION)),
  stream: text,
  id: fc.uuid(),
  type: text,
  contentType: text,
  data: bytes,
  metadata: bytes,
  created: fc.integer({ min: 0, max: 4_000_000_000_000 }),
})

type Event = typeof events extends fc.Arbitrary<infer T> ? T : never
type Recorded = InstanceType<typeof streams.ReadResp.ReadEvent.RecordedEvent>

const fieldsOf = (recorded: Recorded | undefined) => ({
  id: recorded?.getId()?.getString(),
  stream: Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
  revision: recorded?.getStreamRevision(),
  positions: [recorded?.getCommitPosition(), recorded?.getPreparePosition()],
  metadata: recorded?.getMetadataMap().toObject().toSorted(),
  data: Buffer.from(recorded?.getData_asU8() ?? []),
  custom: Buffer.from(recorded?.getCustomMetadata_asU8() ?? []),
})
const expected = (event: Event) => ({
  id: event.id,
  stream: Buffer.from(event.stream).toString(),
  revision: revisionText(event.revision),
  positions: [String(event.position), String(event.position)],
  metadata: [
    ['content-type', Buffer.from(event.contentType).toString()],
    ['created', String(BigInt(event.created) * 10_000n)],
    ['type', Buffer.from(event.type).toString()],
  ],
  data: event.data,
  custom: event.metadata,
})

it('encodes what the generated classes of both services decode', () => {
  fc.assert(
    fc.property(events, fc.nat(1_000), (event, retries) => {
      const read = streams.ReadResp.deserializeBinary(encodeEvent(event)).getEvent()
      expect(fieldsOf(read?.getEvent())).toEqual(expected(event))
      expect(read?.getCommitPosition()).toBe(String(event.position))

      const group = persistent.ReadResp.deserializeBinary(
        encodeGroupEvent(event, retries),
      ).getEvent()
      expect(fieldsOf(group?.getEvent() as Recorded | undefined)).toEqual(expected(event))
      expect(group?.getCommitPosition()).toBe(String(event.position))
      expect(group?.getRetryCount()).toBe(retries)
      expect(group?.hasRetryCount()).toBe(true)
    }),
    { numRuns: 300, seed: 5 },
  )
})
