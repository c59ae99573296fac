import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeReadResponse } from './decode-read-response.ts'

const recorded = fc.record({
  id: fc.uuid(),
  stream: fc.string({ unit: 'grapheme' }),
  revision: fc.bigInt(0n, 2n ** 64n - 1n),
  position: fc.bigInt(0n, 2n ** 64n - 1n),
  type: fc.string({ unit: 'grapheme' }),
  contentType: fc.constant('application/json'),
  created: fc.bigInt(0n, 2n ** 63n).map(String),
  data: fc.string({ unit: 'grapheme', maxLength: 300 }),
  metadata: fc.string({ unit: 'grapheme' }),
})

type Recorded = typeof recorded extends fc.Arbitrary<infer Value> ? Value : never

function encode(event: Recorded, structured = false): Buffer {
  const id = new shared.UUID()
  if (structured) {
    const bytes = Buffer.from(event.id.replaceAll('-', ''), 'hex')
    const halves = new shared.UUID.Structured()
    halves.setMostSignificantBits(bytes.readBigInt64BE(0).toString())
    halves.setLeastSignificantBits(bytes.readBigInt64BE(8).toString())
    id.setStructured(halves)
  } else id.setString(event.id)
  const stream = new shared.StreamIdentifier()
  stream.setStreamName(Buffer.from(event.stream))
  const message = new streams.ReadResp.ReadEvent.RecordedEvent()
  message.setId(id)
  message.setStreamIdentifier(stream)
  message.setStreamRevision(event.revision.toString())
  message.setCommitPosition(event.position.toString())
  message.setPreparePosition(event.position.toString())
  message.getMetadataMap().set('type', event.type)
  message.getMetadataMap().set('content-type', event.contentType)
  message.getMetadataMap().set('created', event.created)
  message.setData(Buffer.from(event.data))
  message.setCustomMetadata(Buffer.from(event.metadata))
  const read = new streams.ReadResp.ReadEvent()
  read.setEvent(message)
  read.setCommitPosition(event.position.toString())
  const response = new streams.ReadResp()
  response.setEvent(read)
  return Buffer.from(response.serializeBinary())
}

test('reads whatever event the generated code wrote', () => {
  fc.assert(
    fc.property(recorded, fc.boolean(), (event, structured) => {
      expect(decodeReadResponse(encode(event, structured))).toEqual({ kind: 'event', event })
    }),
    { numRuns: 100 },
  )
})

test('a message that is cut anywhere is refused or says less, and never hangs', () => {
  fc.assert(
    fc.property(recorded, fc.nat(), (event, n) => {
      const bytes = encode(event)
      const cut = bytes.subarray(0, n % bytes.length)
      let message: unknown
      try {
        message = decodeReadResponse(cut)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
      expect(message).not.toEqual({ kind: 'event', event })
    }),
    { numRuns: 100 },
  )
})

test('reads checkpoints and the end of catching up', () => {
  const checkpoint = new streams.ReadResp.Checkpoint()
  checkpoint.setCommitPosition('77')
  const response = new streams.ReadResp()
  response.setCheckpoint(checkpoint)
  const decode = () => decodeReadResponse(Buffer.from(response.serializeBinary()))
  expect(decode()).toEqual({ kind: 'checkpoint', position: 77n })
  response.setCaughtUp(new streams.ReadResp.CaughtUp())
  expect(decode()).toEqual({ kind: 'caught-up' })
  response.setConfirmation(new streams.ReadResp.SubscriptionConfirmation())
  expect(decode()).toEqual({ kind: 'other' })
})
