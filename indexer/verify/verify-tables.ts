import type { QueryRunner } from 'typeorm'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { connectGeneration } from '../project/generations/connect-generation.ts'
import { factTableNames } from '../project/undo-blocks.ts'
import { compareFoldedTables } from './compare-folded-tables.ts'
import { compareLogWithTables } from './compare-log-with-tables.ts'
import { foldLiveLog } from './fold-live-log.ts'
import { repairTables } from './repair-tables.ts'
import type { VerifyDifference } from './verify-difference.ts'

export interface TableVerdict {
  readonly differences: readonly VerifyDifference[]
  /** Tables of totals that do not follow from their facts. */
  readonly folded: readonly string[]
  readonly rows: number
  /** Place in the log up to which the tables are. */
  readonly position: bigint
  readonly repaired: boolean
}

export interface VerifyTablesOptions {
  readonly databaseUrl: string
  readonly eventLog: Pick<EventLog, 'read'>
  readonly chainId: number
  /** Name of the checkpoint. @default 'read-model' */
  readonly name?: string
  /** Writes what differs anew; a running projector waits that long. @default false */
  readonly repair?: boolean
}

/**
 * Compares the live tables with the log up to their checkpoint, in one snapshot of the database.
 *
 * @throws `DATABASE_UNAVAILABLE`, `SCHEMA_MISMATCH`, `EVENT_LOG_UNAVAILABLE`, `EVENT_LOG_CORRUPT`
 */
export async function verifyTables(options: VerifyTablesOptions): Promise<TableVerdict> {
  const { repair = false } = options
  const { source: dataSource } = await connectGeneration(options.databaseUrl, 'live', 1)
  const runner = dataSource.createQueryRunner()
  try {
    await runner.startTransaction(repair ? 'READ COMMITTED' : 'REPEATABLE READ')
    if (repair)
      await runner.query(`LOCK TABLE ${factTableNames.join(', ')} IN SHARE ROW EXCLUSIVE MODE`)
    const first = await compare(runner, options)
    const found = first.differences.length + first.folded.length
    if (!repair || found === 0) {
      await runner.rollbackTransaction()
      return { ...first, repaired: false }
    }
    const { eventLog, chainId } = options
    await repairTables(runner, eventLog, chainId, first.live, first.differences)
    await runner.commitTransaction()
    return { ...first, repaired: true }
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined)
    throw error
  } finally {
    await runner.release()
    await dataSource.destroy()
  }
}

async function compare(
  runner: QueryRunner,
  { eventLog, chainId, name = 'read-model' }: VerifyTablesOptions,
) {
  const [checkpoint] = await runner.query(
    'SELECT position FROM projection_checkpoint WHERE name = $1',
    [name],
  )
  const position = BigInt(checkpoint?.position ?? -1)
  const live = await foldLiveLog(eventLog, chainId, { upTo: position })
  const { differences, rows } = await compareLogWithTables(runner, eventLog, chainId, live)
  await runner.query('SAVEPOINT folded')
  const folded = await compareFoldedTables(runner)
  await runner.query('ROLLBACK TO SAVEPOINT folded')
  return { differences, folded, rows, position, live }
}
