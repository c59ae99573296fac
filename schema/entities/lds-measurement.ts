import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, flag, integer, text } from './column-types.ts'

/** A measured linear datamodeling score of a training run. */
export class LdsMeasurement extends ChainRow {
  declare id: string
  declare runId: Decimal
  declare modelId: Decimal
  declare measuredBy: Hex
  declare ldsMicros: number
  declare queries: number
  declare reportHash: Hex
  declare byTrainer: boolean
}

export const ldsMeasurementEntity = new EntitySchema<LdsMeasurement>({
  name: 'LdsMeasurement',
  target: LdsMeasurement,
  tableName: 'lds_measurement',
  columns: {
    id: text('id', { primary: true }),
    runId: counter('run_id'),
    modelId: counter('model_id'),
    measuredBy: text('measured_by'),
    ldsMicros: integer('lds_micros'),
    queries: integer('queries'),
    reportHash: text('report_hash'),
    byTrainer: flag('by_trainer'),
    ...chainColumns,
  },
})
