import type { DataSource } from 'typeorm'
import type { Generation } from '../../../schema/entities/generation.ts'
import { BaseError } from '../../../schema/errors.ts'
import { connectDatabase } from '../connect-database.ts'
import { factTableNames } from '../undo-blocks.ts'
import { readGenerations } from './read-generations.ts'

/** Longest time that a request which began before a swap may still read the old tables. */
const graceMs = 30_000

/**
 * Drops the tables of a generation that nobody reads: a retired one, or an unfinished rebuild.
 *
 * @throws `PROJECTION_GENERATION_MISSING` there is no such generation
 * @throws `PROJECTION_GENERATION_IN_USE` it is live, or was until a moment ago, or is being written
 */
export async function dropGeneration(
  databaseUrl: string,
  number: number,
  options: { readonly now?: Date; readonly force?: boolean } = {},
): Promise<Generation> {
  const base = await connectDatabase(databaseUrl, 1)
  try {
    const generation = (await readGenerations(base)).find((one) => one.number === number)
    if (generation === undefined)
      throw new BaseError('PROJECTION_GENERATION_MISSING', { facts: { generation: number } })
    const { state, retiredAt } = generation
    const age = (options.now ?? new Date()).getTime() - (retiredAt?.getTime() ?? 0)
    if (state === 'live' || (state === 'retired' && age < graceMs && options.force !== true))
      throw new BaseError('PROJECTION_GENERATION_IN_USE', { facts: { generation: number, state } })
    await drop(base, generation)
    return generation
  } finally {
    await base.destroy()
  }
}

async function drop(base: DataSource, { number, schema }: Generation): Promise<void> {
  await base.transaction(async (manager) => {
    const [gone] = await manager.query(
      `WITH gone AS (
         DELETE FROM projections.generation WHERE number = $1 AND state <> 'live' RETURNING number
       ) SELECT number FROM gone`,
      [number],
    )
    if (gone === undefined)
      throw new BaseError('PROJECTION_GENERATION_IN_USE', { facts: { generation: number } })
    if (/^proj_[0-9]+$/.test(schema)) {
      await manager.query(`DROP SCHEMA ${schema} CASCADE`)
      return
    }
    // The first generation lies in a schema that may hold other things: only ours go.
    const [{ tables }] = await manager.query(
      `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables FROM pg_tables
       WHERE schemaname = $1 AND tablename = ANY($2)`,
      [schema, [...factTableNames, ...otherTables]],
    )
    if (tables !== null) await manager.query(`DROP TABLE ${tables} CASCADE`)
  })
}

const otherTables = [
  'escrow_account',
  'reward_account',
  'attribution',
  'attribution_row',
  'attribution_share',
  'epoch_closing',
  'epoch_leaf',
  'chain_head',
  'projection_checkpoint',
  'dead_letter',
  'migrations',
]
