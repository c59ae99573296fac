import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { amount, counter, text } from './column-types.ts'

/** What an account had earned in all when an epoch closed. */
export class EpochLeaf {
  declare epoch: Decimal
  declare account: Hex
  declare cumulative: bigint
}

export const epochLeafEntity = new EntitySchema<EpochLeaf>({
  name: 'EpochLeaf',
  target: EpochLeaf,
  tableName: 'epoch_leaf',
  columns: {
    epoch: counter('epoch', { primary: true }),
    account: text('account', { primary: true }),
    cumulative: amount('cumulative'),
  },
})
