import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { BaseError } from '../../schema/errors.ts'

/**
 * Creates an empty database beside another one of the same server.
 *
 * @throws `DATABASE_UNAVAILABLE`, also when the user may not create databases.
 */
export async function createScratchDatabase(
  serverUrl: string,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `provenant_replay_${randomBytes(6).toString('hex')}`
  await execute(serverUrl, `CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => execute(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(sql)
  } catch (cause) {
    throw new BaseError('DATABASE_UNAVAILABLE', { cause })
  } finally {
    await client.end().catch(() => undefined)
  }
}
