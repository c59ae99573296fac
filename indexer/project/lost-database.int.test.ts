import { expect, test } from 'vitest'
import { openCutLink } from '../../test/support/cut-link.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { migrate } from './migrate.ts'
import { openProjectionWriter } from './projection-writer.ts'

test('a database that is lost at any moment of the opening is DATABASE_UNAVAILABLE', async () => {
  await using database = await createTestDatabase()
  await migrate(database.url)
  for (let pieces = 0; ; pieces++) {
    await using link = await openCutLink(database.url, pieces)
    const options = { databaseUrl: link.url, chainId: 1, name: 'read-model' }
    const opening = openProjectionWriter(options).then((writer) => writer.close())
    const ended = await opening.then(
      () => 'opened',
      (error: { code?: unknown }) => error.code,
    )
    if (link.lost && ended !== 'opened') expect([pieces, ended]).toEqual([pieces, unavailable])
    else return expect(pieces).toBeGreaterThan(4)
  }
})

const unavailable = 'DATABASE_UNAVAILABLE'
