import { expect, test } from 'vitest'
import { migrations } from '../../migrations/migrations.ts'
import { entities } from '../../schema/entities/entities.ts'
import { finalizedEntities } from '../../schema/entities/finalized.ts'
import { schemaLevel } from '../../schema/entities/schema-level.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { connectDatabase } from './connect-database.ts'
import { migrate } from './migrate.ts'

test('every entity reads its table after the migrations, which run once', async () => {
  await using database = await createTestDatabase()
  expect(await migrate(database.url)).toEqual([
    'ReadModel1700000000001',
    'ControlFacts1700000000002',
    'FinalizedViews1700000000003',
  ])
  expect(await migrate(database.url)).toEqual([])
  await using connection = {
    source: await connectDatabase(database.url),
    async [Symbol.asyncDispose]() {
      await this.source.destroy()
    },
  }
  for (const entity of [...entities, ...finalizedEntities])
    expect(await connection.source.getRepository<object>(entity.options.name).find()).toEqual([])
})

test('the level that readers ask for is the last migration', () => {
  expect(migrations.map((Migration) => new Migration().name).at(-1)).toBe(schemaLevel)
})

test('a database that is down is DATABASE_UNAVAILABLE', async () => {
  await expect(migrate('postgresql://postgres:secret@127.0.0.1:1/x')).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    facts: { url: 'postgresql://postgres:***@127.0.0.1:1/x' },
  })
})
