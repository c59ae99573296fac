import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseEventStream } from './parse-event-stream.ts'

async function read(chunks: readonly Uint8Array[], maxBytes?: number): Promise<readonly string[]> {
  async function* body() {
    yield* chunks
  }
  const events: string[] = []
  for await (const event of parseEventStream(body(), maxBytes)) events.push(event)
  return events
}

test('events come whole however the bytes are cut', async () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => /^[^\r\n]+$/.test(text))
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
      const sent = lines.filter((text) => text !== '[DONE]')
      const bytes = Buffer.from(sent.map((text) => `data: ${text}\n\n`).join(''))
      const chunks = []
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
      expect(await read(chunks)).toEqual(sent)
    }),
  )
})

test('comments, other fields, CRLF and what follows the end are passed over', async () => {
  const text = ': hello\r\n\r\nevent: x\r\ndata: 1\r\ndata: 2\r\n\r\ndata: [DONE]\n\ndata: 3\n\n'
  expect(await read([Buffer.from(text)])).toEqual(['1\n2'])
})

test('an event without end is not collected for ever', async () => {
  await expect(read([Buffer.from('data: '), Buffer.alloc(2000, 65)], 1000)).rejects.toThrow(
    RangeError,
  )
})
