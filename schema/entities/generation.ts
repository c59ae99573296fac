import { EntitySchema } from 'typeorm'
import { text } from './column-types.ts'

/** `building` follows the log for the first time, `ready` has reached the live tables. */
export type GenerationState = 'building' | 'ready' | 'live' | 'retired'

/** One complete set of the tables of the read model, in a PostgreSQL schema of its own. */
export class Generation {
  declare number: number
  declare schema: string
  declare state: GenerationState
  /** Name of the last migration that ran in it; empty before the first. */
  declare level: string
  declare createdAt: Date
  declare retiredAt: Date | null
}

/** The table that says which generation is live; it lies outside of every generation. */
export const generationEntity = new EntitySchema<Generation>({
  name: 'Generation',
  target: Generation,
  schema: 'projections',
  tableName: 'generation',
  columns: {
    number: { name: 'number', type: 'integer', primary: true },
    schema: text('schema'),
    state: text('state'),
    level: text('level'),
    createdAt: { name: 'created_at', type: 'timestamptz' },
    retiredAt: { name: 'retired_at', type: 'timestamptz', nullable: true },
  },
})
