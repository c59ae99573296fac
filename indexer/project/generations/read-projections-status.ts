import type { GenerationState } from '../../../schema/entities/generation.ts'
import { nothingHandled } from '../checkpoint.ts'
import { connectDatabase } from '../connect-database.ts'
import { readGenerations } from './read-generations.ts'
import { readPosition } from './read-position.ts'

/** An event whose row the tables refuse. */
export interface DeadLetter {
  readonly eventId: string
  readonly type: string
  readonly stream: string
  readonly revision: string
  readonly sqlstate: string
  readonly message: string
  readonly blockNumber: number | null
}

export interface GenerationStatus {
  readonly number: number
  readonly schema: string
  readonly state: GenerationState
  readonly level: string
  readonly position: bigint
  readonly createdAt: string
  readonly retiredAt: string | null
  readonly deadLetters: number
}

export interface ProjectionsStatus {
  readonly generations: readonly GenerationStatus[]
  /** Of the live tables, oldest first, at most 100. */
  readonly deadLetters: readonly DeadLetter[]
}

/**
 * Reads which generations of the tables there are, how far each is, and what the live one lacks.
 *
 * @throws `DATABASE_UNAVAILABLE`, `SCHEMA_MISMATCH`
 */
export async function readProjectionsStatus(databaseUrl: string): Promise<ProjectionsStatus> {
  const base = await connectDatabase(databaseUrl, 1)
  try {
    const generations: GenerationStatus[] = []
    let deadLetters: readonly DeadLetter[] = []
    for (const { number, schema, state, level, createdAt, retiredAt } of await readGenerations(
      base,
    )) {
      const has = async (table: string) =>
        (await base.query('SELECT to_regclass($1) IS NOT NULL AS found', [`${schema}.${table}`]))[0]
          .found === true
      const buried = await has('dead_letter')
      const letters: readonly DeadLetter[] = buried
        ? await base.query(
            `SELECT event_id AS "eventId", type, stream, revision, sqlstate, message,
               block_number::int AS "blockNumber" FROM ${schema}.dead_letter ORDER BY position`,
          )
        : []
      if (state === 'live') deadLetters = letters.slice(0, 100)
      generations.push({
        ...{ number, schema, state, level, deadLetters: letters.length },
        position: (await has('projection_checkpoint'))
          ? await readPosition(base, schema)
          : nothingHandled,
        createdAt: createdAt.toISOString(),
        retiredAt: retiredAt?.toISOString() ?? null,
      })
    }
    return { generations, deadLetters }
  } finally {
    await base.destroy()
  }
}
