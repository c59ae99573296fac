import type { EventLog } from '../../eventlog/client/event-log.ts'
import { catchUp } from '../../indexer/project/generations/catch-up.ts'
import { connectGeneration } from '../../indexer/project/generations/connect-generation.ts'
import { readModel, readPosition } from '../../indexer/project/generations/read-position.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import { openProjectionWriter } from '../../indexer/project/projection-writer.ts'
import { hashTables, tableHashes } from '../../indexer/project/table-hashes.ts'
import { compareTables } from './compare-tables.ts'
import { createScratchDatabase } from './create-scratch-database.ts'
import type { ReplayProgress } from './replay-progress.ts'

/** What a replay of the log alone showed. */
export interface LogReplay {
  readonly ok: boolean
  /** Position of the log at which both were compared. */
  readonly position: bigint
  readonly events: number
  readonly tables: number
  readonly rows: number
  readonly differences: readonly string[]
}

/**
 * Projects the log into the tables of an empty database and compares them with the live ones at the
 * same position of the log, while those go on being written.
 *
 * @throws `DATABASE_UNAVAILABLE`, `SCHEMA_MISMATCH`, `EVENT_LOG_CORRUPT`, and the reason of `signal`
 */
export async function replayLog(options: {
  readonly databaseUrl: string
  readonly eventLog: EventLog
  readonly chainId: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ReplayProgress) => void
}): Promise<LogReplay> {
  const { databaseUrl, eventLog, chainId, signal } = options
  const scratch = await createScratchDatabase(databaseUrl)
  try {
    await migrate(scratch.url)
    const live = await connectGeneration(databaseUrl, 'live', 1)
    const snapshot = live.source.createQueryRunner()
    try {
      await using writer = await openProjectionWriter({
        ...{ databaseUrl: scratch.url, chainId, name: readModel },
      })
      let events = 0
      const follow = (target: bigint) =>
        catchUp(
          {
            ...{ writer, eventLog, chainId, signal },
            onEvents: (count) => {
              events += count
              const [done, total] = [Number(writer.position), Number(target)]
              options.onProgress?.({ step: 'log into tables', done, total })
            },
          },
          target,
        )
      // The long part runs without a snapshot, which would keep the database from cleaning up.
      for (;;) {
        const target = await readPosition(live.source, live.generation.schema)
        if (writer.position >= target) break
        await follow(target)
      }
      await snapshot.startTransaction('REPEATABLE READ')
      const position = await readPosition(snapshot, live.generation.schema)
      await follow(position)
      const expected = await hashTables(snapshot)
      await snapshot.rollbackTransaction()
      const replayed = await tableHashes(scratch.url)
      const differences = compareTables(expected, replayed)
      const tables = Object.values(replayed)
      return {
        ...{ ok: differences.length === 0, position, events, differences },
        tables: tables.length,
        rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      }
    } finally {
      await snapshot.release()
      await live.source.destroy()
    }
  } finally {
    await scratch.drop()
  }
}
