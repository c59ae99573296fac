import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, integer, text } from './column-types.ts'

/** One payer's lane of a batch that was not charged. */
export class LaneSkip extends ChainRow {
  declare id: string
  declare batchId: Decimal
  declare lane: number
  declare payer: Hex
  declare modelId: Decimal
  declare termsVersion: number
  declare reason: number
}

export const laneSkipEntity = new EntitySchema<LaneSkip>({
  name: 'LaneSkip',
  target: LaneSkip,
  tableName: 'lane_skip',
  columns: {
    id: text('id', { primary: true }),
    batchId: counter('batch_id'),
    lane: integer('lane'),
    payer: text('payer'),
    modelId: counter('model_id'),
    termsVersion: integer('terms_version'),
    reason: integer('reason'),
    ...chainColumns,
  },
})
