import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, integer, text } from './column-types.ts'

/** A collection of rows with one owner and one licence. */
export class Datanet extends ChainRow {
  declare id: Decimal
  declare owner: Hex
  declare metaHash: Hex
  declare uri: string
  declare licence: number
}

export const datanetEntity = new EntitySchema<Datanet>({
  name: 'Datanet',
  target: Datanet,
  tableName: 'datanet',
  columns: {
    id: counter('id', { primary: true }),
    owner: text('owner'),
    metaHash: text('meta_hash'),
    uri: text('uri'),
    licence: integer('licence'),
    ...chainColumns,
  },
})
