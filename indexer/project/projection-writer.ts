import type { DataSource, QueryRunner } from 'typeorm'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { lockCheckpoint, moveCheckpoint } from './checkpoint.ts'
import { connectDatabase } from './connect-database.ts'
import { writeBatch } from './write-batch.ts'

export interface ProjectionWriterOptions {
  readonly databaseUrl: string
  readonly chainId: number
  readonly name: string
}

/** The one connection that writes a projection; rows and checkpoint commit together. */
export interface ProjectionWriter extends AsyncDisposable {
  /** Everything up to here is in the tables; -1 at the start. */
  readonly position: bigint
  write(events: readonly RecordedEvent[]): Promise<void>
  /** Remembers that nothing up to `position` concerns this projection. */
  skipTo(position: bigint): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the writer of a projection.
 *
 * @throws `DATABASE_UNAVAILABLE`, `PROJECTION_LOCKED`
 */
export async function openProjectionWriter(
  options: ProjectionWriterOptions,
): Promise<ProjectionWriter> {
  const { databaseUrl, chainId, name } = options
  const dataSource = await connectDatabase(databaseUrl, 1)
  const runner = dataSource.createQueryRunner()
  let position: bigint
  try {
    position = await lockCheckpoint(runner, name)
  } catch (error) {
    await closeConnection(runner, dataSource)
    throw error
  }
  // Flushes are strictly serial: two transactions on one connection would merge into one.
  let queue: Promise<void> = Promise.resolve()
  const commit = (to: bigint, work: () => Promise<void>): Promise<void> => {
    const run = queue.then(async () => {
      if (to <= position) return
      await inTransaction(runner, async () => {
        await work()
        await moveCheckpoint(runner, name, position, to)
      })
      position = to
    })
    queue = run.catch(() => undefined)
    return run
  }
  let closing: Promise<void> | undefined
  const close = () => (closing ??= queue.then(() => closeConnection(runner, dataSource)))
  return {
    get position() {
      return position
    },
    async write(events) {
      const fresh = events.filter((event) => event.position > position)
      const last = fresh.at(-1)
      if (last === undefined) return
      await commit(last.position, () => writeBatch(runner, chainId, fresh))
    },
    skipTo: (to) => commit(to, () => Promise.resolve()),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function inTransaction(runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  await runner.startTransaction()
  try {
    await work()
    await runner.commitTransaction()
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined)
    throw error
  }
}

async function closeConnection(runner: QueryRunner, dataSource: DataSource): Promise<void> {
  await runner.release().catch(() => undefined)
  await dataSource.destroy().catch(() => undefined)
}
