import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** A fault of a proposed epoch that somebody proved. */
export class EpochFault extends ChainRow {
  declare id: string
  declare epoch: Decimal
  declare kind: number
  declare challenger: Hex
  declare slashed: bigint
  declare reward: bigint
}

export const epochFaultEntity = new EntitySchema<EpochFault>({
  name: 'EpochFault',
  target: EpochFault,
  tableName: 'epoch_fault',
  columns: {
    id: text('id', { primary: true }),
    epoch: counter('epoch'),
    kind: integer('kind'),
    challenger: text('challenger'),
    slashed: amount('slashed'),
    reward: amount('reward'),
    ...chainColumns,
  },
})
