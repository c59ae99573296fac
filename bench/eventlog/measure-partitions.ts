import type pg from 'pg'

const EVENTS = 1_000_000
const PARTITIONS = 4
const LOOKS = 200

/**
 * Puts a million events into four partitions by position and into one table, and compares inserts and
 * the questions that do not name a position.
 */
export async function measurePartitions(
  client: pg.Client,
  fill: (table: string, from: number, count: number) => Promise<void>,
) {
  const columns = `position bigint NOT NULL, stream_id bigint NOT NULL, revision bigint NOT NULL,
    id uuid NOT NULL, type text NOT NULL, content_type text NOT NULL, data bytea NOT NULL,
    metadata bytea NOT NULL, created timestamptz NOT NULL`
  const each = EVENTS / PARTITIONS
  const range = (n: number) => `FROM (${n * each + 1}) TO (${(n + 1) * each + 1})`
  await client.query(`CREATE SCHEMA parts;
    CREATE TABLE parts.whole (${columns}, PRIMARY KEY (position), UNIQUE (stream_id, revision));
    CREATE TABLE parts.event (${columns}, PRIMARY KEY (position)) PARTITION BY RANGE (position)`)
  for (let n = 0; n < PARTITIONS; n++) {
    // A unique index over all partitions must contain the position, so each has one of its own.
    await client.query(`CREATE TABLE parts.event_${n} PARTITION OF parts.event FOR VALUES ${range(n)};
      CREATE UNIQUE INDEX ON parts.event_${n} (stream_id, revision)`)
  }
  const time = async (work: () => Promise<unknown>, times = 1) => {
    const begun = performance.now()
    for (let i = 0; i < times; i++) await work()
    return (performance.now() - begun) / times
  }
  const head = (table: string) => () =>
    client.query(`SELECT max(revision) FROM parts.${table} WHERE stream_id = 1`)
  const wholeMs = await time(() => fill('parts.whole', 0, EVENTS))
  const partsMs = await time(() => fill('parts.event', 0, EVENTS))
  return {
    insertPerSecond: {
      oneTable: Math.round(EVENTS / (wholeMs / 1000)),
      partitions: Math.round(EVENTS / (partsMs / 1000)),
    },
    headOfStreamMs: {
      oneTable: await time(head('whole'), LOOKS),
      partitions: await time(head('event'), LOOKS),
    },
    detachMs: await time(() =>
      client.query('ALTER TABLE parts.event DETACH PARTITION parts.event_0'),
    ),
    attachMs: await time(() =>
      client.query(`ALTER TABLE parts.event ATTACH PARTITION parts.event_0 FOR VALUES ${range(0)}`),
    ),
  }
}
