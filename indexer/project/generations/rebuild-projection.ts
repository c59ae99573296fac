import type { EventLog } from '../../../eventlog/client/event-log.ts'
import { connectDatabase } from '../connect-database.ts'
import { openProjectionWriter } from '../projection-writer.ts'
import { catchUp } from './catch-up.ts'
import { createGeneration } from './create-generation.ts'
import { ensurePointer } from './ensure-pointer.ts'
import { migrateGeneration } from './migrate-generation.ts'
import { readGeneration } from './read-generation.ts'
import { readModel, readPosition } from './read-position.ts'

export interface RebuildProgress {
  /** Events written by this run. */
  readonly events: number
  readonly position: bigint
  /** Where the live tables were when this run last looked. */
  readonly target: bigint
}

export interface RebuildOptions {
  readonly databaseUrl: string
  readonly eventLog: Pick<EventLog, 'subscribe'>
  readonly chainId: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RebuildProgress) => void
}

export interface RebuildResult {
  readonly generation: number
  readonly schema: string
  readonly position: bigint
  readonly events: number
}

/**
 * Projects the whole log into a schema beside the live one, up to where the live tables are.
 *
 * A run that was killed is resumed by the next one at its last committed batch.
 *
 * @throws `PROJECTION_LOCKED` another rebuild is running
 * @throws `PROJECTION_POISONED` the new tables refuse a row: a rebuild is complete or fails
 * @throws `DATABASE_UNAVAILABLE`, `EVENT_LOG_CORRUPT`
 */
export async function rebuildProjection(options: RebuildOptions): Promise<RebuildResult> {
  const { databaseUrl, eventLog, chainId, signal } = options
  const base = await connectDatabase(databaseUrl, 1)
  try {
    await ensurePointer(base)
    const next = await createGeneration(base)
    await migrateGeneration(databaseUrl, next)
    await using writer = await openProjectionWriter({
      ...{ databaseUrl, chainId, name: readModel, role: 'next', onPoison: 'fail' },
    })
    let events = 0
    for (;;) {
      const live = await readGeneration(base, 'live')
      const target = await readPosition(base, live.schema)
      if (writer.position >= target) break
      const onEvents = (count: number) => {
        events += count
        options.onProgress?.({ events, position: writer.position, target })
      }
      await catchUp({ writer, eventLog, chainId, signal, onEvents }, target)
    }
    await base.query(
      `UPDATE projections.generation SET state = 'ready' WHERE number = $1 AND state = 'building'`,
      [next.number],
    )
    return { generation: next.number, schema: next.schema, position: writer.position, events }
  } finally {
    await base.destroy()
  }
}
