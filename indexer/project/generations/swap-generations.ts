import type { DataSource } from 'typeorm'
import type { EventLog } from '../../../eventlog/client/event-log.ts'
import type { Generation } from '../../../schema/entities/generation.ts'
import { BaseError } from '../../../schema/errors.ts'
import { connectDatabase } from '../connect-database.ts'
import { openProjectionWriter, type ProjectionWriter } from '../projection-writer.ts'
import { catchUp } from './catch-up.ts'
import { compareGenerations, type GenerationComparison } from './compare-generations.ts'
import { readGeneration } from './read-generation.ts'
import { readModel, readPosition } from './read-position.ts'

export interface SwapOptions {
  readonly databaseUrl: string
  readonly eventLog: Pick<EventLog, 'subscribe'>
  readonly chainId: number
  /** Swaps tables that lag or differ. @default false */
  readonly force?: boolean
  readonly signal?: AbortSignal
  /** Called before the swap, also when it is refused. */
  readonly onCompared?: (comparison: GenerationComparison) => void
}

export interface SwapResult {
  readonly live: Generation
  readonly retired: Generation
  readonly position: bigint
  /** Undefined when a forced swap took tables that were not rebuilt to the end. */
  readonly comparison: GenerationComparison | undefined
}

/**
 * Makes the rebuilt tables the live ones, in one transaction that readers see or do not see.
 *
 * The live projector waits for the last events between comparison and swap, then goes on in the new
 * tables; readers never wait.
 *
 * @throws `PROJECTION_GENERATION_MISSING` nothing was rebuilt
 * @throws `PROJECTION_NOT_READY` the rebuild did not reach the live tables
 * @throws `PROJECTION_DIFFERS` (fact `tables`) the new tables are not the same
 * @throws `PROJECTION_LOCKED` a rebuild is running
 */
export async function swapGenerations(options: SwapOptions): Promise<SwapResult> {
  const { databaseUrl, chainId, force = false } = options
  const base = await connectDatabase(databaseUrl, 2)
  try {
    const next = await readGeneration(base, 'next')
    await using writer = await openProjectionWriter({
      ...{ databaseUrl, chainId, name: readModel, role: 'next' },
      onPoison: force ? 'bury' : 'fail',
    })
    const ready = next.state === 'ready'
    const facts = { generation: next.number, position: writer.position }
    if (!ready && !force) throw new BaseError('PROJECTION_NOT_READY', { facts })
    const comparison = ready ? await compareGenerations({ ...options, writer }) : undefined
    if (comparison !== undefined) {
      options.onCompared?.(comparison)
      const tables = comparison.differences.map(({ table }) => table).join(', ')
      if (tables !== '' && !force)
        throw new BaseError('PROJECTION_DIFFERS', {
          facts: { ...facts, position: comparison.position, tables },
        })
    }
    return { ...(await swap(base, next, writer, options, ready)), comparison }
  } finally {
    await base.destroy()
  }
}

async function swap(
  base: DataSource,
  next: Generation,
  writer: ProjectionWriter,
  { eventLog, chainId, signal }: SwapOptions,
  ready: boolean,
): Promise<Omit<SwapResult, 'comparison'>> {
  const before = await readGeneration(base, 'live')
  const runner = base.createQueryRunner()
  try {
    await runner.startTransaction()
    // From here on no batch of the live projector commits.
    const locked = await runner.query(
      `SELECT 1 FROM projections.generation WHERE number = $1 AND state = 'live' FOR UPDATE`,
      [before.number],
    )
    if (locked.length === 0)
      throw new BaseError('PROJECTION_FENCED', { facts: { generation: before.number } })
    if (ready)
      await catchUp(
        { writer, eventLog, chainId, signal },
        await readPosition(runner, before.schema),
      )
    await writer.close()
    const to = `UPDATE projections.generation SET state = $2, retired_at = $3 WHERE number = $1`
    await runner.query(to, [before.number, 'retired', new Date()])
    await runner.query(to, [next.number, 'live', null])
    await runner.commitTransaction()
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined)
    throw error
  } finally {
    await runner.release()
  }
  const live = await readGeneration(base, 'live')
  return { live, retired: before, position: await readPosition(base, live.schema) }
}
