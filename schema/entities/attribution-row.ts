import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { integer, text } from './column-types.ts'

/** A training row that is credited for a call. */
export class AttributionRow {
  declare callId: Hex
  declare rowId: string
  /** Place in the order of the engine, from 0. */
  declare rank: number
  declare contributor: Hex
  declare cluster: number
  declare scoreQ16: number
  declare zMilli: number
}

export const attributionRowEntity = new EntitySchema<AttributionRow>({
  name: 'AttributionRow',
  target: AttributionRow,
  tableName: 'attribution_row',
  columns: {
    callId: text('call_id', { primary: true }),
    rowId: text('row_id', { primary: true }),
    rank: integer('rank'),
    contributor: text('contributor'),
    cluster: integer('cluster'),
    scoreQ16: integer('score_q16'),
    zMilli: integer('z_milli'),
  },
})
