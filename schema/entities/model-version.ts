import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, integer, text } from './column-types.ts'

/** A published version of a model; `id` is `<modelId>-<version>`. */
export class ModelVersion extends ChainRow {
  declare id: string
  declare modelId: Decimal
  declare version: number
  declare runId: Decimal
  declare artefactHash: Hex
}

export const modelVersionEntity = new EntitySchema<ModelVersion>({
  name: 'ModelVersion',
  target: ModelVersion,
  tableName: 'model_version',
  columns: {
    id: text('id', { primary: true }),
    modelId: counter('model_id'),
    version: integer('version'),
    runId: counter('run_id'),
    artefactHash: text('artefact_hash'),
    ...chainColumns,
  },
})
