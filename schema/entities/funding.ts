import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, text } from './column-types.ts'

/** Money that came into the rewards distributor. */
export class Funding extends ChainRow {
  declare id: string
  declare funder: Hex
  declare amount: bigint
  declare fundedCumulative: bigint
}

export const fundingEntity = new EntitySchema<Funding>({
  name: 'Funding',
  target: Funding,
  tableName: 'funding',
  columns: {
    id: text('id', { primary: true }),
    funder: text('funder'),
    amount: amount('amount'),
    fundedCumulative: amount('funded_cumulative'),
    ...chainColumns,
  },
})
