import { expect, test } from 'vitest'
import { openCutLink } from '../../test/support/cut-link.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { createEmbeddedEventLog } from './create-embedded-event-log.ts'

test('a database that is lost at any moment of the start is DATABASE_UNAVAILABLE', async () => {
  await using database = await createTestDatabase()
  for (let pieces = 0; ; pieces++) {
    await using link = await openCutLink(database.url, pieces)
    const starting = createEmbeddedEventLog({ databaseUrl: link.url, lockTimeoutMs: 1000 })
    const ended = await starting.then(
      (server) => server.close().then(() => 'started'),
      (error: { code?: unknown }) => error.code,
    )
    if (link.lost && ended !== 'started') expect([pieces, ended]).toEqual([pieces, unavailable])
    else return expect(pieces).toBeGreaterThan(4)
  }
})

const unavailable = 'DATABASE_UNAVAILABLE'
