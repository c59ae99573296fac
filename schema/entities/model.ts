import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, text } from './column-types.ts'

/** A named model that is trained on Datanets. */
export class Model extends ChainRow {
  declare id: Decimal
  declare owner: Hex
  declare name: string
  declare baseModelHash: Hex
  declare datanetIds: readonly Decimal[]
}

export const modelEntity = new EntitySchema<Model>({
  name: 'Model',
  target: Model,
  tableName: 'model',
  columns: {
    id: counter('id', { primary: true }),
    owner: text('owner'),
    name: text('name'),
    baseModelHash: text('base_model_hash'),
    datanetIds: { name: 'datanet_ids', type: 'numeric', array: true },
    ...chainColumns,
  },
})
