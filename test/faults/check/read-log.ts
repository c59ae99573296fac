import type pg from 'pg'

/** An event as it lies in the log's table. */
export interface LoggedEvent {
  readonly position: number
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface LogContents {
  /** Events of the chain's stream in the order of the log. */
  readonly events: readonly LoggedEvent[]
  /** Gaps in positions or revisions, in words. */
  readonly gaps: readonly string[]
}

interface Row {
  readonly position: string
  readonly revision: string
  readonly id: string
  readonly type: string
  readonly data: Buffer
  readonly metadata: Buffer
}

/** Reads the whole log straight from its tables, past server and client. */
export async function readLog(database: pg.Client, stream: string): Promise<LogContents> {
  const { rows: all } = await database.query<Row & { name: string }>(
    `SELECT name, position, revision, event.id, type, data, metadata
     FROM eventlog.event JOIN eventlog.stream ON stream.id = stream_id ORDER BY position`,
  )
  const gaps: string[] = []
  const revisions = new Map<string, number>()
  all.forEach(({ name, position, revision }, i) => {
    if (Number(position) !== i + 1) gaps.push(`position ${position} is the ${i + 1}. of the log`)
    const expected = (revisions.get(name) ?? -1) + 1
    revisions.set(name, expected)
    if (Number(revision) !== expected)
      gaps.push(`revision ${revision} of ${name} stands where ${expected} is due`)
  })
  return {
    gaps,
    events: all
      .filter(({ name }) => name === stream)
      .map(({ position, revision, id, type, data, metadata }) => ({
        position: Number(position),
        revision: Number(revision),
        ...{ id, type },
        data: JSON.parse(data.toString('utf8')),
        metadata: JSON.parse(metadata.toString('utf8')),
      })),
  }
}
