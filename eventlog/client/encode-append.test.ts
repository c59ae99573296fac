import streams from '@eventstore/db-client/generated/streams_pb.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeAppend } from './encode-append.ts'
import type { NewEvent } from './event-log.ts'

const id = '00000000-0000-4000-8000-000000000001'
const decode = (bytes: Uint8Array | undefined) =>
  streams.BatchAppendReq.deserializeBinary(bytes ?? new Uint8Array())
const decodeEvents = (messages: readonly Uint8Array[]) =>
  messages
    .flatMap((message) => decode(message).getProposedMessagesList())
    .map((message) => ({
      id: message.getId()?.getString(),
      type: message.getMetadataMap().get('type'),
      contentType: message.getMetadataMap().get('content-type'),
      data: JSON.parse(Buffer.from(message.getData_asU8()).toString('utf8')),
      metadata: JSON.parse(Buffer.from(message.getCustomMetadata_asU8()).toString('utf8')),
    }))

test('an append says nothing of the time, on which client and server may disagree', () => {
  const [bytes] = encodeAppend(id, 's', [{ id, type: 'Happened', data: {} }], 'none')
  const message = decode(bytes)
  expect(message.getCorrelationId()?.getString()).toBe(id)
  expect(message.getIsFinal()).toBe(true)
  expect(message.getOptions()?.hasNoStream()).toBe(true)
  expect(message.getOptions()?.hasDeadline()).toBe(false)
})

test('the generated code reads back whatever events were encoded', () => {
  const payload = fc
    .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())
    .map((value) => JSON.parse(JSON.stringify(value)) as NewEvent['data'])
  const type = fc.string({ unit: 'grapheme', minLength: 1 })
  const event = fc.record({ id: fc.uuid(), type, data: payload, metadata: payload })
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), (events) => {
      expect(decodeEvents(encodeAppend(id, 's', events, 7n))).toEqual(
        events.map((one) => ({ ...one, contentType: 'application/json' })),
      )
    }),
    { numRuns: 50 },
  )
})

test('a long append is cut below the size that a server reads', () => {
  const events = Array.from({ length: 70 }, (_, n) => ({
    id,
    type: 'Large',
    data: { n, text: 'x'.repeat(100_000) },
  }))
  const messages = encodeAppend(id, 's', events, 'any')
  expect(messages.length).toBe(3)
  expect(Math.max(...messages.map((message) => message.length))).toBeLessThan(4 * 1024 * 1024)
  expect(messages.map((message) => decode(message).getIsFinal())).toEqual([false, false, true])
  expect(messages.map((message) => decode(message).hasOptions())).toEqual([true, false, false])
  expect(decodeEvents(messages).map(({ data }) => data.n)).toEqual(events.map(({ data }) => data.n))
})

test.each([
  ['an id that is no UUID', { id: 'x', type: 'T', data: {} }, 'events[0].id'],
  ['no type', { id, type: '', data: {} }, 'events[0].type'],
  ['a payload with a bigint', { id, type: 'T', data: { n: 1n } }, 'events[0].data'],
])('refuses %s', (_, event, field) => {
  expect(() => encodeAppend(id, 's', [event], 'none')).toThrow(
    expect.objectContaining({ code: 'EVENT_LOG_EVENT_INVALID', facts: { field } }),
  )
})
