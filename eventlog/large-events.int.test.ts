import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../test/support/database.ts'
import { createEventLog } from './client/create-event-log.ts'
import { createEmbeddedEventLog } from './embedded/create-embedded-event-log.ts'

test('a slow reader of large events gets them all, a few megabytes at a time', async () => {
  await using database = await createTestDatabase()
  await using server = await createEmbeddedEventLog({ databaseUrl: database.url })
  await using log = createEventLog({ connectionString: server.connectionString })
  const text = 'x'.repeat(900_000)
  for (let i = 0; i < 30; i++) {
    const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
    await log.append('large', [{ id, type: 'Large', data: { i, text } }], {
      expectedRevision: 'any',
    })
  }
  const batches: number[][] = []
  await using subscription = log.subscribe({
    source: { stream: 'large' },
    onEvents: async (events) => {
      batches.push(events.map((event) => event.data['i'] as number))
      await sleep(20)
    },
  })
  while (batches.flat().length < 30) await Promise.race([sleep(10), subscription.done])
  expect(batches.flat()).toEqual(Array.from({ length: 30 }, (_, i) => i))
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(10)
})
