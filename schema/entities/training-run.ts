import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, text } from './column-types.ts'

/** A recorded training run: what went in and what came out. */
export class TrainingRun extends ChainRow {
  declare id: Decimal
  declare modelId: Decimal
  declare trainer: Hex
  declare datasetRoot: Hex
  declare configHash: Hex
  declare dataOrderHash: Hex
  /** sha256 of the training-run manifest artifact. */
  declare artefactHash: Hex
}

export const trainingRunEntity = new EntitySchema<TrainingRun>({
  name: 'TrainingRun',
  target: TrainingRun,
  tableName: 'training_run',
  columns: {
    id: counter('id', { primary: true }),
    modelId: counter('model_id'),
    trainer: text('trainer'),
    datasetRoot: text('dataset_root'),
    configHash: text('config_hash'),
    dataOrderHash: text('data_order_hash'),
    artefactHash: text('artefact_hash'),
    ...chainColumns,
  },
})
