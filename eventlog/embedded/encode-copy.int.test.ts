import fc from 'fast-check'
import pg from 'pg'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { copyIn } from './copy-in.ts'
import { createTables } from './create-tables.ts'
import { copyColumns, encodeCopy } from './encode-copy.ts'
import { TOMBSTONE_REVISION } from './revision.ts'

const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => !one.includes('\0'))
const bytes = fc.uint8Array({ maxLength: 200 }).map((one) => Buffer.from(one))
const events = fc.array(
  fc.record({
    revision: fc.maxSafeNat(),
    id: fc.uuid(),
    type: text,
    contentType: text,
    data: bytes,
    metadata: bytes,
    created: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  }),
  { minLength: 1, maxLength: 20 },
)

it('stores by COPY what it was given, bit for bit', async () => {
  await using database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  await createTables(client, 'log')
  let position = 0
  await fc.assert(
    fc.asyncProperty(events, async (given) => {
      const drafts = given.map((event, i) => ({
        ...event,
        revision: i === 0 ? TOMBSTONE_REVISION : event.revision,
        stream: 's',
        streamId: ++position,
        position,
      }))
      const copy = `COPY log.event (${copyColumns}) FROM STDIN (FORMAT binary)`
      await copyIn(client, copy, encodeCopy(drafts))
      const { rows } = await client.query(
        `SELECT *, (extract(epoch FROM created) * 1000)::bigint AS ms FROM log.event
         WHERE position >= $1 ORDER BY position`,
        [drafts[0]!.position],
      )
      expect(
        rows.map((row) => [
          row.revision,
          row.id,
          row.type,
          row.content_type,
          row.data,
          row.metadata,
          row.ms,
        ]),
      ).toEqual(
        drafts.map((one, i) => [
          i === 0 ? '9223372036854775807' : String(one.revision),
          one.id,
          one.type,
          one.contentType,
          one.data,
          one.metadata,
          String(one.created),
        ]),
      )
    }),
    { numRuns: 30, seed: 3 },
  )
  await expect(copyIn(client, 'COPY log.missing FROM STDIN', Buffer.from('x'))).rejects.toThrow()
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await client.end()
})
