import type { DataSource, QueryRunner } from 'typeorm'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { buryEvent } from './bury-event.ts'
import { lockCheckpoint, moveCheckpoint } from './checkpoint.ts'
import { claimChain } from './claim-chain.ts'
import { connectGeneration } from './generations/connect-generation.ts'
import { type GenerationRole, requireLevel } from './generations/read-generation.ts'
import { requireRole } from './generations/require-role.ts'
import { isPassing } from './is-passing.ts'
import { rowErrorCode } from './row-error-code.ts'
import { type PoisonHandler, writeAround } from './write-around.ts'
import { writeBatch } from './write-batch.ts'

export interface ProjectionWriterOptions {
  readonly databaseUrl: string
  readonly chainId: number
  readonly name: string
  /** Which tables. @default 'live' */
  readonly role?: GenerationRole
  /** What becomes of an event whose row the tables refuse. @default 'bury' */
  readonly onPoison?: 'bury' | 'fail'
}

/** The one connection that writes a projection; rows and checkpoint commit together. */
export interface ProjectionWriter extends AsyncDisposable {
  /** Everything up to here is in the tables; -1 at the start. */
  readonly position: bigint
  /** Events that were put aside since the writer was opened. */
  readonly buried: number
  write(events: readonly RecordedEvent[]): Promise<void>
  /** Remembers that nothing up to `position` concerns this projection. */
  skipTo(position: bigint): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the writer of a projection.
 *
 * A write throws `PROJECTION_SWAPPED` when other tables became the live ones, and
 * `PROJECTION_POISONED` for a refused row if it may not be put aside.
 *
 * @throws `DATABASE_UNAVAILABLE`, `PROJECTION_LOCKED`, `PROJECTION_OTHER_CHAIN`, `SCHEMA_MISMATCH`
 */
export async function openProjectionWriter(
  options: ProjectionWriterOptions,
): Promise<ProjectionWriter> {
  try {
    return await open(options)
  } catch (cause) {
    if (isErrorWithCode(cause) || !isPassing(cause)) throw cause
    // The driver's own words for a connection that ended between two statements.
    throw new BaseError('DATABASE_UNAVAILABLE', { facts: { name: options.name }, cause })
  }
}

async function open(options: ProjectionWriterOptions): Promise<ProjectionWriter> {
  const { databaseUrl, chainId, name, role = 'live' } = options
  const { source: dataSource, generation } = await connectGeneration(databaseUrl, role, 1)
  const runner = dataSource.createQueryRunner()
  let position: bigint
  let buried = 0
  try {
    requireLevel(generation)
    position = await lockCheckpoint(runner, name, generation.number)
    await claimChain(runner, chainId)
  } catch (error) {
    await closeConnection(runner, dataSource)
    throw error
  }
  // Flushes are strictly serial: two transactions on one connection would merge into one.
  let queue: Promise<void> = Promise.resolve()
  const commitOnce = (to: bigint, work: () => Promise<void>) =>
    inTransaction(runner, async () => {
      await requireRole(runner, generation.number, role)
      await work()
      await moveCheckpoint(runner, name, position, to)
    })
  const commit = (to: bigint, events: readonly RecordedEvent[]): Promise<void> => {
    const run = queue.then(async () => {
      if (to <= position) return
      try {
        await commitOnce(to, () => writeBatch(runner, chainId, events))
      } catch (error) {
        if (rowErrorCode(error) === undefined) throw error
        let aside = 0
        const onPoison: PoisonHandler = async (event, cause) => {
          if (options.onPoison === 'fail') throw poisoned(event, cause)
          await buryEvent(runner, chainId, event, cause)
          aside += 1
        }
        await commitOnce(to, () => writeAround(runner, chainId, events, onPoison))
        buried += aside
      }
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
    get buried() {
      return buried
    },
    async write(events) {
      const fresh = events.filter((event) => event.position > position)
      const last = fresh.at(-1)
      if (last === undefined) return
      await commit(last.position, fresh)
    },
    skipTo: (to) => commit(to, []),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const poisoned = ({ id, type, stream, revision, position }: RecordedEvent, cause: unknown) =>
  new BaseError('PROJECTION_POISONED', { facts: { id, type, stream, revision, position }, cause })

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
