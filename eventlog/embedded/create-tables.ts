import type pg from 'pg'

/**
 * Creates the log's tables if they are missing.
 *
 * The position is assigned by the only writer, not by a sequence: a sequence leaves gaps and commits
 * out of order, and a reader that passed a gap would miss the event that fills it later.
 */
export async function createTables(client: pg.ClientBase, schema: string): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.stream (
      id bigint PRIMARY KEY,
      name text NOT NULL UNIQUE,
      first_revision bigint NOT NULL DEFAULT 0,
      tombstoned boolean NOT NULL DEFAULT false
    );
    ALTER TABLE ${schema}.stream
      ADD COLUMN IF NOT EXISTS max_count bigint,
      ADD COLUMN IF NOT EXISTS max_age_seconds bigint;
    CREATE TABLE IF NOT EXISTS ${schema}.event (
      position bigint PRIMARY KEY,
      stream_id bigint NOT NULL,
      revision bigint NOT NULL,
      id uuid NOT NULL,
      type text NOT NULL,
      content_type text NOT NULL,
      data bytea NOT NULL,
      metadata bytea NOT NULL,
      created timestamptz NOT NULL,
      UNIQUE (stream_id, revision)
    );
    DROP INDEX IF EXISTS ${schema}.event_stream_id;
    CREATE TABLE IF NOT EXISTS ${schema}.consumer_group (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      source text NOT NULL,
      name text NOT NULL,
      settings jsonb NOT NULL,
      checkpoint bigint NOT NULL,
      retries jsonb NOT NULL DEFAULT '{}',
      UNIQUE (source, name)
    );
    CREATE TABLE IF NOT EXISTS ${schema}.parked_event (
      group_id bigint NOT NULL REFERENCES ${schema}.consumer_group ON DELETE CASCADE,
      position bigint NOT NULL,
      reason text NOT NULL,
      PRIMARY KEY (group_id, position)
    );
    CREATE TABLE IF NOT EXISTS ${schema}.scavenge (
      id uuid PRIMARY KEY,
      started timestamptz NOT NULL,
      up_to bigint NOT NULL,
      next_stream bigint NOT NULL DEFAULT 0,
      removed bigint NOT NULL DEFAULT 0,
      removed_bytes bigint NOT NULL DEFAULT 0,
      ended timestamptz
    );
  `)
}
