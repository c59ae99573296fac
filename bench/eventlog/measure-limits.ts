import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { copyIn } from '../../eventlog/embedded/copy-in.ts'
import { recordedEvents } from './recorded-event.ts'

/** How often per second the disk makes 8 KiB durable, rewriting the same place of a file. */
export function measureFdatasync(dir: string, milliseconds: number): number {
  const path = join(dir, 'fdatasync')
  const file = openSync(path, 'w')
  const page = Buffer.alloc(8_192, 1)
  try {
    for (let i = 0; i < 128; i++) writeSync(file, page, 0, page.length, i * page.length)
    fdatasyncSync(file)
    const begun = performance.now()
    let count = 0
    for (; performance.now() - begun < milliseconds; count++) {
      writeSync(file, page, 0, page.length, (count % 128) * page.length)
      fdatasyncSync(file)
    }
    return (count / (performance.now() - begun)) * 1000
  } finally {
    closeSync(file)
    rmSync(path)
  }
}

/**
 * How many of the same rows per second PostgreSQL takes by COPY from one connection, in transactions
 * of `batch`, into the same table with the same indexes, without any server of ours.
 */
export async function measureCopy(
  databaseUrl: string,
  events: number,
  batch: number,
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `CREATE SCHEMA raw; CREATE TABLE raw.event (LIKE eventlog.event INCLUDING ALL)`,
    )
    const copies: string[] = []
    for (let from = 0; from < events; from += batch) copies.push(toCopyText(from, batch))
    const begun = performance.now()
    for (const text of copies) {
      await copyIn(client, 'COPY raw.event FROM STDIN', Buffer.from(text))
    }
    const rate = events / ((performance.now() - begun) / 1000)
    await client.query('DROP SCHEMA raw CASCADE')
    return rate
  } finally {
    await client.end()
  }
}

const toCopyText = (from: number, count: number): string =>
  recordedEvents(from, count)
    .map(({ id, type, data, metadata }, i) => {
      const bytes = (value: unknown) => `\\\\x${Buffer.from(JSON.stringify(value)).toString('hex')}`
      const place = from + i
      const cells = [
        place + 1,
        1,
        place,
        id,
        type,
        'application/json',
        bytes(data),
        bytes(metadata),
      ]
      return `${cells.join('\t')}\t2026-01-01\n`
    })
    .join('')
