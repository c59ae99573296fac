import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { counter, integer, text } from './column-types.ts'

/** What a Datanet has become by its latest changes. */
export class DatanetState {
  declare datanetId: Decimal
  declare owner: Hex
  declare status: 'open' | 'closed'
  declare admission: 'open' | 'approval'
  declare kind: number
  declare version: number
  declare metaHash: Hex
  declare uri: string
}

export const datanetStateEntity = new EntitySchema<DatanetState>({
  name: 'DatanetState',
  target: DatanetState,
  tableName: 'datanet_state',
  columns: {
    datanetId: counter('datanet_id', { primary: true }),
    owner: text('owner'),
    status: text('status'),
    admission: text('admission'),
    kind: integer('kind'),
    version: integer('version'),
    metaHash: text('meta_hash'),
    uri: text('uri'),
  },
})
