import type pg from 'pg'
import { copyIn } from './copy-in.ts'
import { copyColumns, encodeCopy } from './encode-copy.ts'
import type { DraftEvent, LogDraft } from './log-draft.ts'
import { revisionText } from './revision.ts'
import type { StreamState } from './stored-event.ts'

/** A few events are inserted in one prepared round trip, faster than a COPY is set up. */
const COPY_FROM = 16

/** Commits a group of events and the streams they start or limit, in one transaction. */
export async function insertEvents(
  client: pg.ClientBase,
  schema: string,
  { streams, events }: Pick<LogDraft, 'streams' | 'events'>,
): Promise<void> {
  if (events.length === 0) return
  if (events.length < COPY_FROM) return insertFew(client, schema, [...streams], events)
  const copy = () =>
    copyIn(
      client,
      `COPY ${schema}.event (${copyColumns}) FROM STDIN (FORMAT binary)`,
      encodeCopy(events),
    )
  if (streams.size === 0) return copy()
  // On any failure the connection is given up, and the transaction with it.
  await client.query('BEGIN')
  await insertFew(client, schema, [...streams], [])
  await copy()
  await client.query('COMMIT')
}

async function insertFew(
  client: pg.ClientBase,
  schema: string,
  streams: readonly StreamState[],
  events: readonly DraftEvent[],
): Promise<void> {
  const chunks: Buffer[] = []
  const dataFrom: number[] = []
  const metadataFrom: number[] = []
  let offset = 1
  for (const event of events) {
    dataFrom.push(offset)
    metadataFrom.push(offset + event.data.length)
    offset += event.data.length + event.metadata.length
    chunks.push(event.data, event.metadata)
  }
  // All payloads travel as one binary parameter cut by offset: an array of bytea would be sent as
  // hexadecimal text, twice the size.
  await client.query({
    name: 'insert-events',
    text: `
      WITH changed AS (
        INSERT INTO ${schema}.stream
          (id, name, first_revision, max_count, max_age_seconds, tombstoned)
        SELECT * FROM unnest($1::bigint[], $2::text[],
          $15::bigint[], $16::bigint[], $17::bigint[], $18::boolean[])
        ON CONFLICT (id) DO UPDATE SET first_revision = excluded.first_revision,
          max_count = excluded.max_count, max_age_seconds = excluded.max_age_seconds,
          tombstoned = excluded.tombstoned
      )
      INSERT INTO ${schema}.event
        (position, stream_id, revision, id, type, content_type, data, metadata, created)
      SELECT position, stream_id, revision, id, type, content_type,
        substring($3::bytea FROM data_from FOR data_length),
        substring($3::bytea FROM metadata_from FOR metadata_length),
        to_timestamp($4::float8 / 1000)
      FROM unnest(
        $5::bigint[], $6::bigint[], $7::bigint[], $8::uuid[], $9::text[], $10::text[],
        $11::int[], $12::int[], $13::int[], $14::int[]
      ) AS t(position, stream_id, revision, id, type, content_type,
        data_from, data_length, metadata_from, metadata_length)`,
    values: [
      streams.map((stream) => stream.id),
      streams.map((stream) => stream.name),
      Buffer.concat(chunks),
      events[0]?.created ?? 0,
      events.map((event) => event.position),
      events.map((event) => event.streamId),
      events.map((event) => revisionText(event.revision)),
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => event.contentType),
      dataFrom,
      events.map((event) => event.data.length),
      metadataFrom,
      events.map((event) => event.metadata.length),
      streams.map(({ limits }) => revisionText(limits.truncateBefore)),
      streams.map(({ limits }) => limits.maxCount ?? null),
      streams.map(({ limits }) => limits.maxAgeSeconds ?? null),
      streams.map((stream) => stream.tombstoned),
    ],
  })
}
