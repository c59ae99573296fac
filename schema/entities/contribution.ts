import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** Rows one account submitted to a Datanet; the status follows its last decision. */
export class Contribution extends ChainRow {
  declare id: Decimal
  declare datanetId: Decimal
  declare contributor: Hex
  declare root: Hex
  declare rows: number
  declare byteSize: bigint
  declare dataHash: Hex
  declare status: 'submitted' | 'accepted' | 'rejected' | 'revoked'
  declare decidedBy: Hex | null
  declare reasonCode: number | null
  declare decidedBlock: number | null
}

export const contributionEntity = new EntitySchema<Contribution>({
  name: 'Contribution',
  target: Contribution,
  tableName: 'contribution',
  columns: {
    id: counter('id', { primary: true }),
    datanetId: counter('datanet_id'),
    contributor: text('contributor'),
    root: text('root'),
    rows: integer('rows'),
    byteSize: amount('byte_size'),
    dataHash: text('data_hash'),
    status: text('status'),
    decidedBy: text('decided_by', { nullable: true }),
    reasonCode: integer('reason_code', { nullable: true }),
    decidedBlock: integer('decided_block', { nullable: true }),
    ...chainColumns,
  },
})
