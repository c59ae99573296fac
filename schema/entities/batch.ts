import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, integer, text } from './column-types.ts'

/** A recorded batch of calls. */
export class Batch extends ChainRow {
  declare id: Decimal
  declare operator: Hex
  declare codec: number
  declare calls: number
  declare digest: Hex
  /** sha256 of the batch manifest artifact. */
  declare dataHash: Hex
}

export const batchEntity = new EntitySchema<Batch>({
  name: 'Batch',
  target: Batch,
  tableName: 'batch',
  columns: {
    id: counter('id', { primary: true }),
    operator: text('operator'),
    codec: integer('codec'),
    calls: integer('calls'),
    digest: text('digest'),
    dataHash: text('data_hash'),
    ...chainColumns,
  },
})
