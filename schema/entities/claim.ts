import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, text } from './column-types.ts'

/** A paid claim. */
export class Claim extends ChainRow {
  declare id: string
  declare account: Hex
  declare recipient: Hex
  declare amount: bigint
  declare cumulative: bigint
  declare epoch: Decimal
}

export const claimEntity = new EntitySchema<Claim>({
  name: 'Claim',
  target: Claim,
  tableName: 'claim',
  columns: {
    id: text('id', { primary: true }),
    account: text('account'),
    recipient: text('recipient'),
    amount: amount('amount'),
    cumulative: amount('cumulative'),
    epoch: counter('epoch'),
    ...chainColumns,
  },
})
