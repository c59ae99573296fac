import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { text } from './column-types.ts'

/** A log of one of our contracts that no decoder understands. */
export class UndecodableLog extends ChainRow {
  declare id: string
  declare address: Hex
  declare topics: readonly Hex[]
  declare data: Hex
  declare why: string
}

export const undecodableLogEntity = new EntitySchema<UndecodableLog>({
  name: 'UndecodableLog',
  target: UndecodableLog,
  tableName: 'undecodable_log',
  columns: {
    id: text('id', { primary: true }),
    address: text('address'),
    topics: { name: 'topics', type: 'text', array: true },
    data: text('data'),
    why: text('why'),
    ...chainColumns,
  },
})
