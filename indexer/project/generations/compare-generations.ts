import type { EventLog } from '../../../eventlog/client/event-log.ts'
import type { ProjectionWriter } from '../projection-writer.ts'
import { hashTables, type TableHash } from '../table-hashes.ts'
import { catchUp } from './catch-up.ts'
import { connectGeneration } from './connect-generation.ts'
import { readPosition } from './read-position.ts'

/** A table whose rows are not the same in both generations. */
export interface TableDifference {
  readonly table: string
  readonly live: TableHash | undefined
  readonly next: TableHash | undefined
}

export interface GenerationComparison {
  /** Position of the log at which both were compared. */
  readonly position: bigint
  readonly tables: number
  readonly rows: number
  readonly differences: readonly TableDifference[]
}

/**
 * Compares live and new tables at the same position of the log, while the live ones are written.
 *
 * The live ones are read in one snapshot; the new ones are brought to its position.
 *
 * @param writer the only writer of the new tables.
 * @throws `DATABASE_UNAVAILABLE`, `PROJECTION_POISONED`
 */
export async function compareGenerations(options: {
  readonly databaseUrl: string
  readonly eventLog: Pick<EventLog, 'subscribe'>
  readonly chainId: number
  readonly writer: ProjectionWriter
  readonly signal?: AbortSignal | undefined
}): Promise<GenerationComparison> {
  const live = await connectGeneration(options.databaseUrl, 'live', 1)
  const next = await connectGeneration(options.databaseUrl, 'next', 1)
  const snapshot = live.source.createQueryRunner()
  try {
    await snapshot.startTransaction('REPEATABLE READ')
    const position = await readPosition(snapshot, live.generation.schema)
    await catchUp(options, position)
    const [old, rebuilt] = await Promise.all([hashTables(snapshot), hashTables(next.source)])
    await snapshot.rollbackTransaction()
    const tables = [...new Set([...Object.keys(old), ...Object.keys(rebuilt)])].sort()
    return {
      position,
      tables: tables.length,
      rows: Object.values(rebuilt).reduce((sum, table) => sum + table.rows, 0),
      differences: tables
        .map((table) => ({ table, live: old[table], next: rebuilt[table] }))
        .filter((pair) => pair.live?.hash !== pair.next?.hash),
    }
  } finally {
    await snapshot.release()
    await live.source.destroy()
    await next.source.destroy()
  }
}
